// Elements without markup in strings: nothing that a server sends can become a script.

// h("p", { class: "note", onclick: f }, "text", element). What is null, undefined or false is left out.
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === false || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Only what changed is touched, so that nothing flickers and a screen reader is not told the same again.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setShown(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

// The children that `key` asks for, made anew only when the key is another one. If the focus was inside, it stays
// inside. Whether they were made anew.
export function setChildren(element, key, make) {
  const wanted = JSON.stringify(key);
  if (element.dataset.key === wanted) return false;
  const focused = element.contains(document.activeElement);
  element.dataset.key = wanted;
  element.replaceChildren(...[make()].flat().filter(Boolean));
  if (focused) (element.querySelector("h1, button, a") ?? element).focus();
  return true;
}

export function button(text, act, look = "") {
  return h("button", { type: "button", class: look, onclick: act }, text);
}

export function link(text, href, look = "") {
  return h("a", { href, class: look }, text);
}

// A heading that can be given the focus, so that a screen reader begins there.
export function heading(text) {
  return h("h1", { tabindex: "-1" }, text);
}
