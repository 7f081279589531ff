// @ts-check
/** Settings that may move over time: how each is called, where its ends are, how it is read and written. Pure. */
import { isCurve } from "./curve.js";

/** @typedef {import("./curve.js").Curve} Curve */
/**
 * @typedef {object} Mover
 * @property {string} key the name of the setting or slider; of a blend share "blend ID"
 * @property {string} name as a person reads it
 * @property {string} [group] whose hue it takes
 * @property {number} low @property {number} high
 * @property {number} origin where its area begins
 * @property {[string, string]} ends words for low and high
 * @property {import("./certificate.js").Slider} [slider] whose unit its values are written in
 */

const ENDS = /** @type {Record<string, [string, string]>} */ ({
  density: ["sparse", "dense"],
  flow: ["single events", "one unbroken sound"],
  novelty: ["close to the recordings", "further out"],
});
const GROUPS = /** @type {Record<string, string>} */ ({ density: "time", flow: "time", novelty: "discovered" });
const AUTO = /** @type {Record<string, number>} */ ({ flow: 1 }); // where a lane begins while the program says the value
const BLEND = "blend ";

/** @param {string} id of a model */
export const blendKey = (id) => BLEND + id;

/**
 * All settings that may move, in the order in which their lanes stand.
 * @param {{sliders: import("./certificate.js").Slider[], generate: Record<string, any>, limit: number, blend: {id: string, name: string}[]}} about
 *     `sliders` with those of space; `generate` of `/api/settings`
 * @returns {Mover[]}
 */
export function listMovers({ sliders, generate, limit, blend }) {
  const bank = sliders.map((slider) => ({
    key: slider.name,
    name: slider.name,
    group: slider.group,
    low: -limit,
    high: limit,
    origin: 0,
    slider,
    ends: /** @type {[string, string]} */ ([slider.low ?? "", slider.high ?? ""]),
  }));
  const numbers = Object.keys(ENDS).map((key) => {
    const low = generate[key].minimum;
    return { key, name: key, group: GROUPS[key], low, high: generate[key].maximum, origin: low, ends: ENDS[key] };
  });
  const shares = blend.map(({ id, name }) => ({
    key: blendKey(id),
    name: `share of ${name}`,
    low: 0,
    high: 1,
    origin: 0,
    ends: /** @type {[string, string]} */ (["none", "all"]),
  }));
  return [...bank, ...numbers, ...shares];
}

/** Value of a mover. @param {string} key @param {Record<string, any>} settings @returns {number|Curve} */
export function readMover(key, settings) {
  if (key.startsWith(BLEND)) return settings.blend[key.slice(BLEND.length)] ?? 0;
  return (key in settings ? settings[key] : settings.sliders[key]) ?? AUTO[key] ?? 0;
}

/**
 * The change that sets a mover.
 * @param {string} key @param {number|Curve} value @param {Record<string, any>} settings
 */
export function changeMover(key, value, settings) {
  return key.startsWith(BLEND) ? { blend: { ...settings.blend, [key.slice(BLEND.length)]: value } } : { [key]: value };
}

/** Keys of all that moves. @param {Record<string, any>} settings @returns {string[]} */
export function findMoving(settings) {
  const named = Object.entries({ ...settings.sliders, ...numbersOf(settings) }).filter(([, value]) => isCurve(value));
  const shares = Object.entries(settings.blend).filter(([, value]) => isCurve(/** @type {any} */ (value)));
  return [...named.map(([key]) => key), ...shares.map(([id]) => blendKey(id))];
}

/** @param {Record<string, any>} settings */
const numbersOf = ({ width, distance, density, flow, novelty }) => ({ width, distance, density, flow, novelty });
