// @ts-check
/** Where the sounds of an output are around the head at a time, as the head's view draws them. Pure. */
import { clamp } from "./numbers.js";

const NEAREST_METRES = 0.4; // at the inner ring
const FARTHEST_METRES = 45; // at the outer one
const RESTING = 0.12; // level of a sound that does not sound now

/**
 * @typedef {object} Scene as `/api/scene` has it
 * @property {number} step_seconds
 * @property {{start: number, seconds: number, azimuth_degrees: number[], metres: number[]}[]} sounds azimuth positive to the right
 */
/**
 * @typedef {{azimuth_degrees: number, distance: number, level: number}} Source azimuth positive to the left, as the
 * view has it
 */

/** @param {number} metres @returns {number} 0 at the nearest, 1 at the farthest, in equal ratios */
export const showDistance = (metres) =>
  clamp(Math.log(metres / NEAREST_METRES) / Math.log(FARTHEST_METRES / NEAREST_METRES), 0, 1);

/**
 * @param {Scene} scene @param {number} seconds of the output @param {boolean} isPlaying others than those that sound are hidden
 * @returns {Source[]} those that sound last, above the others
 */
export function placeSources({ step_seconds, sounds }, seconds, isPlaying) {
  const placed = sounds.map(({ start, seconds: lasts, azimuth_degrees, metres }) => {
    const share = (seconds - start) / lasts;
    const sounding = share >= 0 && share < 1;
    const at = clamp(Math.round((seconds - start) / step_seconds), 0, azimuth_degrees.length - 1);
    const level = sounding && isPlaying ? 1 - 0.8 * share : RESTING;
    return { azimuth_degrees: -azimuth_degrees[at], distance: showDistance(metres[at]), level };
  });
  return placed.filter(({ level }) => !isPlaying || level > RESTING).sort((a, b) => a.level - b.level);
}
