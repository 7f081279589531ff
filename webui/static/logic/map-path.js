// @ts-check
/** A path over the map: places that a sound passes on its way, [[x, y], …]. Pure: every function returns a new path. */
import { simplify } from "./curve.js";
import { clamp } from "./numbers.js";

/** @typedef {[number, number]} Stop */

const ROUGH = 0.03; // of the map: what a hand draws within it is a straight line

/** @param {number[]} place @returns {Stop} */
export const onMap = ([x, y]) => [round(clamp(x, -1, 1)), round(clamp(y, -1, 1))];
const round = (/** @type {number} */ value) => Math.round(value * 1000) / 1000;

/** The path of a freehand stroke: its corners. @param {number[][]} stroke @param {number} [zoom] @returns {Stop[]} */
export const strokeToPath = (stroke, zoom = 1) => simplify(stroke.map(onMap), ROUGH / zoom);

/** @param {Stop[]} path @param {number} index @param {number[]} place @returns {Stop[]} */
export const moveStop = (path, index, place) => path.map((stop, at) => (at === index ? onMap(place) : stop));

/** Take a stop out; a path of fewer than two is none. @param {Stop[]} path @param {number} index @returns {Stop[]} */
export function removeStop(path, index) {
  const left = path.filter((_, at) => at !== index);
  return left.length < 2 ? [] : left;
}

/** Put a stop into the leg that passes nearest to it. @param {Stop[]} path @param {number[]} place */
export function insertStop(path, place) {
  const { leg } = nearestLeg(path, place);
  return {
    path: /** @type {Stop[]} */ ([...path.slice(0, leg + 1), onMap(place), ...path.slice(leg + 1)]),
    index: leg + 1,
  };
}

/**
 * The leg of a path that passes nearest to a place.
 * @param {number[][]} path @param {number[]} place
 * @returns {{leg: number, away: number}} index of the stop it begins at, and the distance
 */
export function nearestLeg(path, [x, y]) {
  let found = { leg: 0, away: Infinity };
  for (let leg = 0; leg < path.length - 1; leg += 1) {
    const [[x1, y1], [x2, y2]] = [path[leg], path[leg + 1]];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const along = clamp(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1), 0, 1);
    const away = Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
    if (away < found.away) found = { leg, away };
  }
  return found;
}
