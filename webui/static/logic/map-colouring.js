// @ts-check
/** How far each moment of a map is along the colours of a descriptor. Pure. */
import { clamp } from "./numbers.js";

const CUT = 0.05; // of the moments at either end share the colour of the end

/**
 * @param {{values: Record<string, number>}[]} moments
 * @param {string} name of the descriptor
 * @returns {{shares: number[], low: number, high: number}} 0 to 1 for each moment, and what the ends stand for
 */
export function colourBy(moments, name) {
  const values = moments.map((moment) => moment.values[name] ?? 0);
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [low, high] = [at(CUT), at(1 - CUT)];
  return { shares: values.map((value) => clamp((value - low) / (high - low || 1), 0, 1)), low, high };
}
