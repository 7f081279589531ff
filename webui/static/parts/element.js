// @ts-check
/** Builds nodes of the page. Text stays text; nothing is parsed, so no string can become a tag or a script. */

/**
 * @typedef {object} Special
 * @property {string} [class]
 * @property {string} [text]
 * @property {Record<string, (event: any) => void>} [on] listeners by event
 * @property {Record<string, any>} [data]
 */
/** @typedef {Special & Record<string, any>} Properties other names are attributes; null and false leave one out */
/** @typedef {(Node | string | null | undefined | false)[]} Children */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Properties} [properties] @param {Children} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** @param {string} tag @param {Properties} [properties] @param {Children} children @returns {SVGElement} */
export function drawing(tag, properties = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
}

/**
 * Set attributes, or take away those that are null or false.
 * @param {Element} node
 * @param {Record<string, any>} attributes
 */
export function assign(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * @template {HTMLElement | SVGElement} N
 * @param {N} node
 * @param {Properties} properties
 * @param {Children} children
 * @returns {N}
 */
function fill(node, properties, children) {
  const { class: names, text, on = {}, data = {}, ...attributes } = properties;
  if (names) node.setAttribute("class", names);
  if (text !== undefined) node.textContent = text;
  assign(node, attributes);
  for (const [name, value] of Object.entries(data))
    if (value !== undefined && value !== null) node.dataset[name] = value;
  for (const [name, listener] of Object.entries(on)) node.addEventListener(name, listener);
  for (const child of children) if (child) node.append(child);
  return node;
}

let last = 0;

/** An id that nothing else on the page has. @param {string} name */
export const freshId = (name) => `${name}-${(last += 1)}`;
