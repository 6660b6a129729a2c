/* A transcript beside its audio: each line can be heard from its time, given a speaker, corrected.
   What is changed stays here until it is saved; a save that fails loses nothing. */
const places = new WeakMap();

class Place {
  constructor(parent) {
    this.player = document.createElement("audio");
    this.player.controls = true;
    this.player.preload = "metadata";
    this.player.setAttribute("controlslist", "nodownload");
    this.player.addEventListener("timeupdate", () => this.follow());
    this.quiet = document.createElement("p");
    this.quiet.className = "quiet";
    this.list = document.createElement("ol");
    this.save = document.createElement("button");
    this.save.type = "button";
    this.save.className = "save";
    this.save.addEventListener("click", () => this.saved());
    this.said = document.createElement("span");
    this.said.setAttribute("role", "status");
    const foot = document.createElement("div");
    foot.className = "foot";
    foot.append(this.save, this.said);
    const box = document.createElement("div");
    box.className = "box";
    const head = document.createElement("div");
    head.className = "head";
    head.append(this.player, this.quiet);
    box.append(head, this.list, foot);
    parent.append(box);
  }

  show({ data, setTriggerValue }) {
    this.words = data.words;
    this.tell = setTriggerValue;
    this.player.hidden = data.audio === null;
    this.quiet.hidden = data.audio !== null;
    this.quiet.textContent = data.words.no_audio;
    this.player.setAttribute("aria-label", data.words.player);
    if (data.audio !== null && this.player.getAttribute("src") !== data.audio) {
      this.player.src = data.audio;
    }
    const drawn = JSON.stringify(data.rows);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.lines = data.rows.map((row) => this.line(row, data));
      this.list.replaceChildren(...this.lines.map((line) => line.box));
      this.list.setAttribute("aria-label", data.words.caption);
    }
    for (const { time } of this.lines) time.disabled = data.audio === null;
    this.save.textContent = data.words.save;
    this.count();
  }

  line(row, { roles, words }) {
    const named = (text) => text.replace("{time}", row.clock);
    const box = document.createElement("li");
    const time = document.createElement("button");
    time.type = "button";
    time.className = "time";
    time.textContent = row.clock;
    time.setAttribute("aria-label", named(words.play_from));
    time.addEventListener("click", () => {
      this.player.currentTime = row.start;
      this.player.play();
    });
    const who = document.createElement("select");
    who.setAttribute("aria-label", named(words.who));
    who.append(...roles.map(([value, label]) => new Option(label, value)));
    who.value = row.role;
    const speaker = document.createElement("div");
    speaker.className = "who";
    speaker.append(who);
    const notes = [row.speaker, row.unsure ? words.unsure : ""].filter(Boolean);
    if (notes.length) {
      const note = document.createElement("small");
      note.textContent = notes.join(" · ");
      speaker.append(note);
    }
    const text = document.createElement("textarea");
    text.setAttribute("aria-label", named(words.said));
    text.rows = Math.max(1, Math.ceil(row.text.length / 70));
    text.maxLength = 10000;
    text.value = row.text;
    text.lang = row.lang;
    if (row.unsure) box.classList.add("unsure");
    for (const field of [who, text]) field.addEventListener("input", () => this.count());
    box.append(time, speaker, text);
    return { row, box, time, who, text };
  }

  changes() {
    const roles = {};
    const contents = {};
    for (const { row, who, text } of this.lines) {
      if (who.value !== row.role) roles[row.id] = who.value || null;
      if (text.value.trim() && text.value.trim() !== row.text) contents[row.id] = text.value.trim();
    }
    return { roles, contents };
  }

  count() {
    const { roles, contents } = this.changes();
    const some = Object.keys(roles).length + Object.keys(contents).length > 0;
    this.save.disabled = !some;
    const words = some ? this.words.unsaved : this.words.same;
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  saved() {
    this.tell("saved", { at: Date.now(), ...this.changes() });
  }

  follow() {
    const now = this.player.currentTime;
    for (const { row, box } of this.lines) {
      if (now >= row.start && now < row.end) box.setAttribute("aria-current", "true");
      else box.removeAttribute("aria-current");
    }
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!places.has(parentElement)) places.set(parentElement, new Place(parentElement));
  places.get(parentElement).show(component);
}
