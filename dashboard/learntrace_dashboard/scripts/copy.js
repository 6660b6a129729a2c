/* Texts to hand on, each in a field of its own with a button that copies it. */
async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without HTTPS a page may not use the clipboard; what is selected can still be copied.
    document.execCommand("copy");
  }
}

export default function (component) {
  const { data, parentElement } = component;
  const list = document.createElement("div");
  list.className = "list";
  for (const { label, value } of data.rows) {
    const row = document.createElement("label");
    const name = document.createElement("span");
    name.textContent = label;
    const field = document.createElement("input");
    field.readOnly = true;
    field.value = value;
    field.addEventListener("focus", () => field.select());
    row.append(name, field);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = data.copy;
    button.setAttribute("aria-label", `${data.copy}: ${label}`);
    const said = document.createElement("span");
    said.className = "said";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      await copy(field);
      said.textContent = data.copied;
    });
    const line = document.createElement("div");
    line.className = "line";
    line.append(row, button, said);
    list.append(line);
  }
  parentElement.querySelector(".list")?.remove();
  parentElement.append(list);
}
