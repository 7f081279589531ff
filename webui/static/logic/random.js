// @ts-check
/**
 * Random positions for sliders that were measured, as far as their certificate vouches for them. Pure but for the
 * dice.
 */
import { LIMIT, isMeasured, measuredAt } from "./certificate.js";
import { roundTo } from "./numbers.js";

const STEP = 0.25; // of a position, between two looks at the curve
const ALL = 0.98; // of the way to an end: from there on a slider has said what it can say

/** @typedef {import("./certificate.js").Slider} Slider */

/**
 * Positions between which a slider still changes what is measured: an end where its curve has become flat is left out.
 * @param {Slider} slider
 * @returns {[number, number]} lowest and highest position; both 0 where nothing was measured or nothing changes
 */
export function vouchedRange(slider) {
  if (!isMeasured(slider)) return [0, 0];
  const at = (/** @type {number} */ position) => /** @type {number} */ (measuredAt(slider, position));
  const reach = (/** @type {1|-1} */ side) => {
    const whole = Math.abs(at(side * LIMIT) - at(0));
    if (whole === 0) return 0;
    let away = STEP;
    while (away < LIMIT && Math.abs(at(side * away) - at(0)) < ALL * whole) away += STEP;
    return side * away;
  };
  return [reach(-1) || 0, reach(1)];
}

/**
 * Throw the dice for all certified sliders. Two dice each, so that the middle comes more often than the ends.
 * @param {Slider[]} sliders @param {Set<string>} locked names that stay as they are
 * @param {() => number} [random] evenly from 0 to 1
 * @returns {Record<string, number>} positions by name
 */
export function throwSliders(sliders, locked, random = Math.random) {
  const thrown = sliders
    .filter((one) => one.state === "certified" && !locked.has(one.name))
    .map((one) => {
      const [low, high] = vouchedRange(one);
      return [one.name, roundTo(low + ((random() + random()) / 2) * (high - low), 0.1)];
    });
  return Object.fromEntries(thrown);
}

/** @param {number} highest @param {() => number} [random] @returns {number} a whole number from 0 to `highest` */
export const throwSeed = (highest, random = Math.random) => Math.min(highest, Math.floor(random() * (highest + 1)));
