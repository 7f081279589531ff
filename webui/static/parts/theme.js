// @ts-check
/** Dark or light: what is asked for, what it comes to, and who wants to hear of a change. */

/** @typedef {"system"|"dark"|"light"} Wish */

const system = matchMedia("(prefers-color-scheme: light)");
/** @type {Set<() => void>} */
const listeners = new Set();
const tell = () => listeners.forEach((listener) => listener());
system.addEventListener("change", tell);
new MutationObserver(tell).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

/** @returns {Wish} */
export function themeWish() {
  const { theme } = document.documentElement.dataset;
  return theme === "dark" || theme === "light" ? theme : "system";
}

/** @param {Wish} wish */
export function setTheme(wish) {
  document.documentElement.dataset.theme = wish;
}

/** The theme that a part of the page is drawn in. @param {Element} [node] @returns {"dark"|"light"} */
export function themeOf(node = document.documentElement) {
  return getComputedStyle(node).colorScheme.trim() === "light" ? "light" : "dark";
}

/** @param {() => void} listener @returns {() => void} takes the listener away again */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Values of tokens as a part of the page sees them. @param {Element} node @param {string[]} names without "--" */
export function tokens(node, names) {
  const style = getComputedStyle(node);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
