// @ts-check
/** Numbers as people read and write them: a true minus, a unit, commas or points. Pure. */

/** @param {number} value @param {number} low @param {number} high */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** @param {number} from @param {number} to @param {number} share 0 at `from`, 1 at `to` */
export const mix = (from, to, share) => from + (to - from) * share;

/**
 * Round to a step without the dust of binary fractions: 0.30000000000000004 becomes 0.3.
 * @param {number} value
 * @param {number} step
 */
export function roundTo(value, step) {
  const digits = Math.min(12, Math.max(0, Math.ceil(-Math.log10(step)) + 2));
  return Number((Math.round(value / step) * step).toFixed(digits));
}

/**
 * Write a number with at most `digits` decimals and a true minus; nothing is written as "-0".
 * @param {number} value
 * @param {number} [digits]
 */
export function show(value, digits = 2) {
  const text = String(Number(value.toFixed(digits)) || 0);
  return text.replace("-", "−");
}

/**
 * Write a number with its sign, as a position: "+5.0", "−2.5", "0".
 * @param {number} value
 */
export function showSigned(value) {
  const rounded = roundTo(value, 0.1);
  if (rounded === 0) return "0";
  return (rounded > 0 ? "+" : "−") + Math.abs(rounded).toFixed(1);
}

/**
 * Read what a person typed: "2,5", "−3", "2.3 kHz", "1.2k", "40 %". A thousand written as k is multiplied out.
 * @param {string} text
 * @returns {{value: number, unit: string} | null} null where there is no number at its beginning
 */
export function readNumber(text) {
  const found = /^\s*([+\-−]?\s*(?:\d+(?:[.,]\d*)?|[.,]\d+))\s*(k?)\s*([^\d\s]*)\s*$/iu.exec(text);
  if (!found) return null;
  const number = Number(found[1].replace(/\s/g, "").replace("−", "-").replace(",", "."));
  return { value: found[2] ? number * 1000 : number, unit: found[3].toLowerCase() };
}

/** @param {number} bytes */
export function showBytes(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return bytes < 1e9 ? `${show(bytes / 1e6, 1)} MB` : `${show(bytes / 1e9, 2)} GB`;
}
