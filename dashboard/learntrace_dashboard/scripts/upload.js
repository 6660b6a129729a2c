/* A file on its way to the dashboard's own address, with the bytes that are sent; no page holds it.
   Chosen here, its address comes from the page (`data.address`), which the API has signed. */
const MB = 1024 * 1024;
const places = new WeakMap();

const fill = (words, values) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words);
const inMb = (bytes) => (bytes / MB).toFixed(1);

class Place {
  constructor(parent) {
    this.ask = 0;
    this.request = null;
    this.field = document.createElement("input");
    this.field.type = "file";
    this.field.addEventListener("change", () => this.chosen());
    this.name = document.createElement("span");
    const label = document.createElement("label");
    label.append(this.name, this.field);
    this.send = this.button("send", () => this.wanted());
    this.stop = this.button("stop", () => this.request.abort());
    this.bar = document.createElement("progress");
    this.bar.max = 1;
    this.said = document.createElement("p");
    this.said.setAttribute("role", "status");
    const buttons = document.createElement("div");
    buttons.className = "buttons";
    buttons.append(this.send, this.stop);
    this.box = document.createElement("div");
    this.box.className = "box";
    this.box.append(label, this.bar, this.said, buttons);
    parent.append(this.box);
    this.rest("");
  }

  button(kind, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = kind;
    made.addEventListener("click", act);
    return made;
  }

  show({ data, setTriggerValue }) {
    this.data = data;
    this.tell = setTriggerValue;
    this.name.textContent = data.words.file;
    this.field.accept = data.endings.map((one) => `.${one}`).join(",");
    this.send.textContent = data.words.button;
    this.stop.textContent = data.words.cancel;
    this.bar.setAttribute("aria-label", data.words.title);
    if (this.ask === 0 || this.request) return;
    if (data.refused === this.ask) this.rest(data.words.refused);
    else if (data.address?.ask === this.ask) this.start(data.address.url);
  }

  rest(words, wrong = Boolean(words)) {
    this.request = null;
    this.ask = 0;
    this.bar.hidden = true;
    this.stop.hidden = true;
    this.field.disabled = false;
    this.send.disabled = !this.field.files.length;
    this.say(words, wrong);
  }

  say(words, wrong = false) {
    if (this.said.textContent !== words) this.said.textContent = words;
    this.said.classList.toggle("wrong", wrong);
  }

  chosen() {
    const file = this.field.files[0];
    const { words, endings, most_mb: most } = this.data;
    let wrong = "";
    if (file && !endings.includes(file.name.split(".").pop().toLowerCase())) wrong = words.ending;
    else if (file && file.size === 0) wrong = words.empty;
    else if (file && file.size > most * MB) {
      wrong = fill(words.large, { size: inMb(file.size) });
    }
    if (wrong) this.field.value = "";
    this.rest(wrong);
  }

  wanted() {
    const file = this.field.files[0];
    this.ask = Date.now();
    this.field.disabled = true;
    this.send.disabled = true;
    this.say(this.data.words.preparing);
    this.tell("chosen", { ask: this.ask, name: file.name, size_mb: file.size / MB });
  }

  start(url) {
    const file = this.field.files[0];
    const { words } = this.data;
    const total = inMb(file.size);
    const request = new XMLHttpRequest();
    this.request = request;
    this.bar.hidden = false;
    this.bar.value = 0;
    this.stop.hidden = false;
    request.upload.addEventListener("progress", (step) => {
      this.bar.value = step.loaded / file.size;
      const sent = fill(words.sent, { sent: inMb(step.loaded), total });
      this.say(step.loaded < file.size ? `${sent}. ${words.leave}` : words.checking);
    });
    request.addEventListener("load", () => {
      if (request.status < 300) {
        this.stop.hidden = true;
        this.say(words.checking);
        this.tell("sent", this.ask);
      } else {
        this.rest(this.reason(request));
      }
    });
    request.addEventListener("error", () => this.rest(words.broken));
    request.addEventListener("abort", () => this.rest(words.stopped, false));
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.send(file);
  }

  reason(request) {
    const { words } = this.data;
    const known = { 403: words.over, 408: words.over, 413: words.refused, 415: words.no_sound,
      429: words.busy };
    let told = "";
    try {
      const problem = JSON.parse(request.responseText);
      told = problem.message || problem.detail || "";
    } catch {
      told = "";
    }
    if (request.status === 403 && told && request.responseText.includes("consent_missing")) {
      return words.consent;
    }
    if (request.status === 413 && told) return told;
    return known[request.status] || words.broken;
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!places.has(parentElement)) places.set(parentElement, new Place(parentElement));
  places.get(parentElement).show(component);
}
