// @ts-check
/** Which rows of a long list exist: those in view and a few around them. Pure. */

/**
 * @param {{top: number, height: number}} view of the list that can be seen, from the list's beginning, pixels
 * @param {number} count @param {number} rowHeight @param {number} [spare] rows before and after
 * @returns {{first: number, last: number}} last is one past the last one
 */
export function rowsInView({ top, height }, count, rowHeight, spare = 4) {
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const last = Math.min(count, Math.ceil((top + Math.max(0, height)) / rowHeight) + spare);
  return { first: Math.min(first, count), last: Math.max(last, Math.min(first, count)) };
}

/**
 * Where a key leads from a row.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 * @param {number} page rows in view
 * @returns {number|null}
 */
export function nextRow(key, at, count, page) {
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: count - 1 };
  const wanted = steps[/** @type {keyof typeof steps} */ (key)];
  return wanted === undefined || !count
    ? null
    : Math.min(count - 1, Math.max(0, at < 0 && key.startsWith("Arrow") ? 0 : wanted));
}
