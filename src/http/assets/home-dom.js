export function byId(id) {
  return document.getElementById(id);
}

/** An element with attributes and children. Text is always text: titles come from outside. */
export function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A button that puts `text` on the clipboard; nothing where the browser has none to offer. */
export function copyButton(text, label) {
  if (!navigator.clipboard) return "";
  const button = element("button", { type: "button", class: "copy", "aria-label": label }, ["Copy"]);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed";
    }
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  });
  return button;
}
