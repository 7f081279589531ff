// @ts-check
/** Style sheets of places and widgets, linked once, when they are needed. */

/** @type {Map<string, Promise<void>>} */
const linked = new Map();

/**
 * Link a style sheet that lies beside a module.
 * @param {string} module its import.meta.url @param {string} name
 * @returns {Promise<void>} done when it counts
 */
export function linkStyle(module, name) {
  const address = new URL(name, module).href;
  const known = linked.get(address);
  if (known) return known;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  const done = new Promise((resolve) => {
    link.onload = () => resolve(undefined);
    link.onerror = () => resolve(undefined);
  });
  document.head.append(link);
  linked.set(address, /** @type {Promise<void>} */ (done));
  return /** @type {Promise<void>} */ (done);
}
