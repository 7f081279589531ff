// @ts-check
/** The colour maps of sound pictures: loud is bright on dark, and deep on paper. Pure. */
import { ramp } from "./colour.js";

/** Magma (van der Walt and Smith) above the interface's own black; on paper sand and rose to a deep violet. */
const STOPS = {
  dark: ["#140e36", "#3b0f70", "#641a80", "#8c2981", "#b73779", "#de4968", "#f7705c", "#fe9f6d", "#fecf92", "#fcfdbf"],
  light: ["#e9dfca", "#e3c9a8", "#dcae8c", "#d18f7b", "#c06f73", "#a5526f", "#85396b", "#622663", "#421755", "#260d3f"],
};
const SHOWN_DB = 84; // below the loudest cell: what lies deeper is silence
const SHADE = 1.5; // above 1 keeps noise floors from glowing

/**
 * Colours of all 256 levels of a picture, as ImageData holds them in a 32-bit number (little endian).
 * @param {"dark"|"light"} theme
 * @param {string} silence the colour of nothing
 * @param {{loudest: number, db_per_step: number}} scale level of the loudest cell, and decibels of one level
 * @returns {Uint32Array}
 */
export function colourTable(theme, silence, { loudest, db_per_step }) {
  const colours = ramp([silence, ...STOPS[theme]], 256);
  return Uint32Array.from({ length: 256 }, (_, level) => {
    const share = 1 + ((level - loudest) * db_per_step) / SHOWN_DB;
    const [r, g, b] = colours[Math.round(255 * Math.min(1, Math.max(0, share)) ** SHADE)];
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}
