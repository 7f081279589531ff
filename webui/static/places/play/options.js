// @ts-check
/** Options of a list, set anew only where they have changed: an open list stays open, and a drag costs nothing. */

/** @type {WeakMap<import("../../widgets/select.js").Select, string>} */
const written = new WeakMap();

/**
 * @param {import("../../widgets/select.js").Select} select
 * @param {import("../../widgets/select.js").Option[]} options
 * @param {string} value
 */
export function setOptions(select, options, value) {
  const text = JSON.stringify(options);
  if (written.get(select) !== text) select.setOptions(options, value);
  else if (select.value !== value) select.setValue(value);
  written.set(select, text);
}
