// @ts-check
/**
 * Curves over time: breakpoints joined by straight lines, in JSON [[seconds, value], …]. Before the first breakpoint a
 * curve has its first value, after the last one its last. Pure: every function returns a new curve.
 */
import { clamp } from "./numbers.js";

/** @typedef {[number, number]} Point seconds, value */
/** @typedef {Point[]} Curve */

export const CLOSEST = 0.001; // seconds between two breakpoints: their times must rise

/** A number or a curve as a curve. @param {number|Curve} value @returns {Curve} */
export const toCurve = (value) => (typeof value === "number" ? [[0, value]] : value);

/** A curve of a single value as that number. @param {Curve} curve @returns {number|Curve} */
export const fromCurve = (curve) => (curve.every(([, value]) => value === curve[0][1]) ? curve[0][1] : curve);

/** @param {number|Curve} value @returns {value is Curve} */
export const isCurve = (value) => Array.isArray(value);

/** The value of a curve at a time. @param {number|Curve} curve @param {number} seconds */
export function valueAt(curve, seconds) {
  if (typeof curve === "number") return curve;
  const next = curve.findIndex(([time]) => time >= seconds);
  if (next === 0) return curve[0][1];
  if (next < 0) return curve[curve.length - 1][1];
  const [[earlier, from], [later, to]] = [curve[next - 1], curve[next]];
  return from + ((to - from) * (seconds - earlier)) / (later - earlier);
}

/**
 * Add a breakpoint; one that stands at the same time is replaced.
 * @param {Curve} curve @param {Point} point
 * @returns {{curve: Curve, index: number}}
 */
export function insert(curve, [seconds, value]) {
  const kept = curve.filter(([time]) => Math.abs(time - seconds) >= CLOSEST);
  const index = kept.filter(([time]) => time < seconds).length;
  return { curve: [...kept.slice(0, index), [seconds, value], ...kept.slice(index)], index };
}

/**
 * Move a breakpoint; it stays between its neighbours.
 * @param {Curve} curve @param {number} index @param {Point} to
 * @param {{seconds: number, low: number, high: number}} limits
 * @returns {Curve}
 */
export function move(curve, index, [seconds, value], limits) {
  const earliest = index ? curve[index - 1][0] + CLOSEST : 0;
  const latest = index < curve.length - 1 ? curve[index + 1][0] - CLOSEST : limits.seconds;
  const moved = /** @type {Point} */ ([clamp(seconds, earliest, latest), clamp(value, limits.low, limits.high)]);
  return curve.map((point, place) => (place === index ? moved : point));
}

/** Take a breakpoint out; the last one stays. @param {Curve} curve @param {number} index @returns {Curve} */
export const remove = (curve, index) => (curve.length > 1 ? curve.filter((_, place) => place !== index) : curve);

/**
 * Raise all values.
 * @param {Curve} curve
 * @param {number} by
 * @param {number} low
 * @param {number} high
 * @returns {Curve}
 */
export const shift = (curve, by, low, high) => curve.map(([seconds, value]) => [seconds, clamp(value + by, low, high)]);

/** Lowest and highest value. @param {Curve} curve @returns {[number, number]} */
export function extent(curve) {
  const values = curve.map(([, value]) => value);
  return [Math.min(...values), Math.max(...values)];
}

/**
 * Leave out breakpoints that lie within a tolerance of the line between others (Ramer, Douglas and Peucker).
 * @template {number[]} P
 * @param {P[]} points pairs of numbers
 * @param {number} tolerance in units of the second number once `scale` has brought both to one unit
 * @param {number} [scale] of the first number
 * @returns {P[]}
 */
export function simplify(points, tolerance, scale = 1) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points[points.length - 1]];
  const away = points.map((point) => distance(point, first, last, scale));
  const farthest = away.indexOf(Math.max(...away));
  if (away[farthest] <= tolerance) return [first, last];
  const before = simplify(points.slice(0, farthest + 1), tolerance, scale);
  return [...before.slice(0, -1), ...simplify(points.slice(farthest), tolerance, scale)];
}

/**
 * Distance of a point from the piece of line between two others.
 * @param {number[]} point
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} scale
 */
function distance([x, y], [x1, y1], [x2, y2], scale) {
  const [dx, dy] = [(x2 - x1) * scale, y2 - y1];
  const [px, py] = [(x - x1) * scale, y - y1];
  const along = clamp((px * dx + py * dy) / (dx * dx + dy * dy || 1), 0, 1);
  return Math.hypot(px - along * dx, py - along * dy);
}
