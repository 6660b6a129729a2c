const LOST_AFTER_MS = 6000;
const SHORT = 10;

function part(kind, from, to) {
  const span = document.createElement("span");
  span.className = kind;
  span.style.left = `${from * 100}%`;
  if (to !== undefined) span.style.width = `${(to - from) * 100}%`;
  return span;
}

function lineOf(cell) {
  const line = document.createElement("span");
  line.className = "line";
  line.setAttribute("aria-hidden", "true");
  line.title = cell.text;
  const { low, at, high, band } = cell.line;
  if (band) line.append(part("band", band[0], band[1]));
  line.append(part("bar", low, high), part("dot", at));
  return line;
}

function cellOf(cell, column, isHeading, open) {
  const box = document.createElement(isHeading ? "th" : "td");
  if (isHeading) box.scope = "row";
  if (isHeading && cell.text.length > SHORT) box.classList.add("long");
  if (column.align === "right") box.classList.add("right");
  if (column.wide) box.classList.add("wide");
  let text = document.createTextNode(cell.text);
  if (cell.link !== null) {
    const link = document.createElement("a");
    link.href = cell.href;
    link.append(text);
    link.addEventListener("click", (click) => {
      if (click.ctrlKey || click.metaKey || click.shiftKey) return;
      click.preventDefault();
      open(cell.link);
      // A choice made while the page is being drawn again may be lost: then follow the address.
      const before = window.location.href;
      window.setTimeout(() => {
        if (window.location.href === before) window.location.assign(link.href);
      }, LOST_AFTER_MS);
    });
    text = link;
  } else if (cell.tone === "muted") {
    box.classList.add("muted");
  }
  if (cell.tint) box.style.backgroundColor = cell.tint;
  if (cell.line) {
    const words = document.createElement("span");
    words.className = "unseen";
    words.append(text);
    box.append(lineOf(cell), words);
  } else if (cell.text) {
    box.append(text);
  }
  if (cell.chip) {
    const chip = document.createElement("span");
    chip.className = `chip ${cell.tone}`;
    chip.textContent = cell.chip;
    box.append(chip);
  }
  if (cell.note) {
    const note = document.createElement("span");
    note.className = "note";
    note.textContent = cell.note;
    box.append(note);
  }
  return box;
}

const worth = (cell) => (cell.sort === null ? cell.text : cell.sort);

function compare(left, right) {
  const [a, b] = [worth(left), worth(right)];
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const open = (value) => setTriggerValue("opened", value);
  const frame = document.createElement("div");
  frame.className = "scroll";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", data.caption);
  const table = document.createElement("table");
  const caption = document.createElement("caption");
  caption.textContent = data.caption;
  if (data.dense) table.className = "dense";
  const head = document.createElement("thead");
  const headings = document.createElement("tr");
  const body = document.createElement("tbody");
  let sorted = { at: -1, down: false };

  function fill() {
    const rows = [...data.rows];
    if (sorted.at >= 0) {
      rows.sort((a, b) => compare(a[sorted.at], b[sorted.at]) * (sorted.down ? -1 : 1));
    }
    body.replaceChildren(
      ...rows.map((row) => {
        const line = document.createElement("tr");
        line.append(...row.map((cell, at) => cellOf(cell, data.columns[at], at === 0, open)));
        return line;
      }),
    );
    [...headings.children].forEach((heading, at) => {
      const here = at === sorted.at;
      heading.setAttribute("aria-sort", here ? (sorted.down ? "descending" : "ascending") : "none");
      const arrow = heading.querySelector(".arrow");
      if (arrow) arrow.textContent = here ? (sorted.down ? "\u00a0▾\u00a0" : "\u00a0▴\u00a0") : "";
    });
  }

  data.columns.forEach((column, at) => {
    const heading = document.createElement("th");
    heading.scope = "col";
    if (column.align === "right") heading.classList.add("right");
    if (data.sortable) {
      const button = document.createElement("button");
      button.type = "button";
      const arrow = document.createElement("span");
      arrow.className = "arrow";
      arrow.setAttribute("aria-hidden", "true");
      const parts = [column.label, arrow];
      button.append(...(column.align === "right" ? parts.reverse() : parts));
      button.addEventListener("click", () => {
        sorted = { at, down: sorted.at === at && !sorted.down };
        fill();
      });
      heading.append(button);
    } else {
      heading.textContent = column.label;
    }
    headings.append(heading);
  });
  head.append(headings);
  table.append(caption, head, body);
  frame.append(table);
  parentElement.querySelector(".scroll")?.remove();
  parentElement.append(frame);
  fill();
}
