export default function (component) {
  const { data, parentElement } = component;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = data.label;
  button.addEventListener("click", () => window.print());
  parentElement.querySelector("button")?.remove();
  parentElement.append(button);
}
