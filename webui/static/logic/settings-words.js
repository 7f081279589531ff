// @ts-check
/** Settings that differ between two outputs, in few words. Pure. */
import { isCurve } from "./curve.js";
import { show, showSigned } from "./numbers.js";

const QUIET = /^(export|device|hrtf_fingerprint)\b/; // how a file is written is not heard

/** @typedef {{name: string, a: string, b: string}} Difference */

/**
 * @param {Record<string, {a: any, b: any}>} pairs by name, inside of others with both names: "sliders brightness"
 * @param {(id: string) => string} nameOf a model
 * @returns {Difference[]} sliders first, the seed last
 */
export function listDifferences(pairs, nameOf) {
  const rank = (/** @type {string} */ key) => (key.startsWith("sliders ") ? 0 : key === "seed" ? 2 : 1);
  return Object.entries(pairs)
    .filter(([key]) => !QUIET.test(key))
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([key, { a, b }]) => ({ name: nameSetting(key, nameOf), a: showSetting(key, a), b: showSetting(key, b) }));
}

/** @param {string} key @param {(id: string) => string} nameOf */
function nameSetting(key, nameOf) {
  const [group, ...rest] = key.split(" ");
  if (group === "sliders" && rest.length) return rest.join(" ");
  if (group === "blend" && rest.length) return `share of ${nameOf(rest.join(" "))}`;
  return key.replaceAll("_", " ");
}

/** @param {string} key @param {any} value */
function showSetting(key, value) {
  const isSlider = key.startsWith("sliders ");
  if (value === null || value === undefined) return isSlider || key.startsWith("blend ") ? "0" : "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return isSlider ? showSigned(value) : show(value, 2);
  if (key === "at") return "a place";
  if (key === "path") return "a path";
  return isCurve(value) ? "moving" : String(value);
}

/** How loud two sides are, in words: "B −1.8 dB". @param {number|null} a gain in dB @param {number|null} b */
export function showGains(a, b) {
  if (a === null || b === null) return "";
  const [side, gain] = a < b ? ["A", a] : ["B", b];
  return Math.abs(gain) < 0.05 ? "equally loud" : `${side} −${Math.abs(gain).toFixed(1)} dB`;
}
