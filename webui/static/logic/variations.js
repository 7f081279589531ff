// @ts-check
/**
 * Small variations around what is set: each moves a few sliders, and sometimes novelty and density, by a chance that
 * its seed settles. The same seed gives the same variations. Pure.
 */
import { isCurve, shift } from "./curve.js";
import { clamp, roundTo } from "./numbers.js";
import { vouchedRange } from "./random.js";

export const COUNT = 9;
const MOVED = 3; // sliders in one variation, of those that may move
const LEAST = 0.5; // of a position: a slider that moves is heard to move
const OTHERS = /** @type {const} */ ({ novelty: { span: 0.4, step: 0.01 }, density: { span: 0, step: 0.1 } });

const ENDS = /** @type {Record<string, [string, string]>} */ ({
  novelty: ["closer", "further out"],
  density: ["sparser", "denser"],
});

/** @typedef {Record<string, any>} Settings */
/** @typedef {{name: string, away: number}} Move how far a setting moves; of density, the octaves */
/** @typedef {{settings: Settings, moves: Move[]}} Variation `settings` whole, ready to be taken */
/**
 * @typedef {object} Around
 * @property {Settings} settings that are varied
 * @property {import("./certificate.js").Slider[]} sliders of the model
 * @property {Set<string>} locked names that stay
 * @property {Record<string, {minimum: number, maximum: number}>} limits of novelty and density
 * @property {number} limit a slider goes from -limit to limit
 */

/**
 * A chance that a seed settles (mulberry32).
 * @param {number} seed whole number @returns {() => number} evenly from 0 to 1
 */
export function seededChance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * @param {Around} around @param {number} amount 0 small, 1 wide @param {number} seed
 * @returns {Variation[]}
 */
export function vary(around, amount, seed) {
  const chance = seededChance(seed);
  const movable = around.sliders.filter((one) => isVouched(one) && !around.locked.has(one.name));
  let deck = /** @type {typeof movable} */ ([]);
  const draw = () => {
    if (!deck.length) deck = shuffle(movable, chance);
    return /** @type {typeof movable[number]} */ (deck.pop());
  };
  return Array.from({ length: COUNT }, (_, place) => {
    const drawn = new Set(movable.length ? Array.from({ length: Math.min(MOVED, movable.length) }, draw) : []);
    return makeOne(around, [...drawn], amount, chance, place);
  });
}

/** Certified, or a direction that no name explains. @param {import("./certificate.js").Slider} slider */
const isVouched = ({ state }) => state === "certified" || state === "discovered";

/**
 * @param {Around} around @param {import("./certificate.js").Slider[]} drawn @param {number} amount
 * @param {() => number} chance @param {number} place @returns {Variation}
 */
function makeOne(around, drawn, amount, chance, place) {
  const { settings, limit, limits } = around;
  const sliders = { ...settings.sliders };
  const moves = /** @type {Move[]} */ ([]);
  for (const slider of drawn) {
    const before = sliders[slider.name] ?? 0;
    const away = distance(slider, limit, amount, chance);
    sliders[slider.name] = move(before, away, -limit, limit, 0.1);
    moves.push({ name: slider.name, away });
  }
  const next = /** @type {Settings} */ ({ ...settings, sliders });
  const other = place % 3 === 0 ? "novelty" : place % 3 === 1 ? "density" : null;
  if (other && !around.locked.has(other) && !(other === "density" && settings.one_shot)) {
    const away = (chance() < 0.5 ? -1 : 1) * (0.3 + 0.7 * chance()) * (0.25 + 0.75 * amount);
    next[other] = moveOther(other, settings[other], away, limits[other]);
    if (JSON.stringify(next[other]) !== JSON.stringify(settings[other])) moves.push({ name: other, away });
  }
  return { settings: next, moves };
}

/**
 * How far a slider moves: the further its curve goes, the more.
 * @param {import("./certificate.js").Slider} slider @param {number} limit @param {number} amount
 * @param {() => number} chance
 */
function distance(slider, limit, amount, chance) {
  const [low, high] = vouchedRange(slider);
  const reach = (high - low || limit) / 2;
  const size = (0.35 + 0.65 * chance()) * (0.12 + 0.7 * amount) * reach;
  return (chance() < 0.5 ? -1 : 1) * Math.max(LEAST, size);
}

/**
 * A value, or all of a curve, moved; at an end it turns round.
 * @param {any} before @param {number} away @param {number} low @param {number} high @param {number} step
 */
function move(before, away, low, high, step) {
  if (isCurve(before)) return shift(before, away, low, high);
  const wanted = before + away;
  return roundTo(clamp(wanted < low || wanted > high ? before - away : wanted, low, high), step);
}

/**
 * @param {"novelty"|"density"} name @param {any} before @param {number} away
 * @param {{minimum: number, maximum: number}} limits
 */
function moveOther(name, before, away, { minimum, maximum }) {
  const { span, step } = OTHERS[name];
  if (span || isCurve(before)) return move(before, away * (span || 1), minimum, maximum, step);
  return roundTo(clamp(before * 2 ** away, minimum, maximum), step);
}

/** @template T @param {T[]} list @param {() => number} chance @returns {T[]} */
function shuffle(list, chance) {
  const mixed = [...list];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(chance() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other], mixed[at]];
  }
  return mixed;
}

/**
 * A few words for a variation: "bright · sparse".
 * @param {Move[]} moves @param {{name: string, low?: string, high?: string}[]} words of sliders
 * @returns {string} named sliders first, of these what moves most
 */
export function nameMoves(moves, words) {
  const isNamed = (/** @type {Move} */ { name }) => Number(!name.startsWith("discovered"));
  return [...moves]
    .sort((one, other) => isNamed(other) - isNamed(one) || Math.abs(other.away) - Math.abs(one.away))
    .map(({ name, away }) => {
      const slider = words.find((one) => one.name === name);
      const [low, high] = ENDS[name] ?? [slider?.low, slider?.high];
      return (away < 0 ? low : high) || `${name} ${away < 0 ? "−" : "+"}`;
    })
    .join(" · ");
}
