// @ts-check
/** Colours mixed in Oklab, where equal steps look equal (Ottosson 2020). Pure. */

/** @typedef {[number, number, number]} Rgb each 0 to 255 */

/** Read "#rgb", "#rrggbb", "rgb(1, 2, 3)" or "rgb(1 2 3)". @param {string} text @returns {Rgb} */
export function readColour(text) {
  const hex = /^\s*#([0-9a-f]{3,8})\s*$/i.exec(text);
  if (hex) {
    const digits = hex[1].length < 6 ? [...hex[1]].map((one) => one + one).join("") : hex[1];
    return /** @type {Rgb} */ ([0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16)));
  }
  return /** @type {Rgb} */ ((text.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number));
}

const toLinear = (/** @type {number} */ byte) =>
  byte <= 10.31475 ? byte / 3294.6 : ((byte / 255 + 0.055) / 1.055) ** 2.4;
const fromLinear = (/** @type {number} */ light) =>
  255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);

/** @param {Rgb} rgb @returns {Rgb} lightness 0 to 1, green to red, blue to yellow */
export function rgbToOklab(rgb) {
  const [r, g, b] = rgb.map(toLinear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {Rgb} lab @returns {Rgb} */
export function oklabToRgb([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const light = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return /** @type {Rgb} */ (light.map((one) => Math.round(Math.min(255, Math.max(0, fromLinear(one))))));
}

/**
 * A ramp through some colours, evenly spaced.
 * @param {string[]} stops @param {number} count
 * @returns {Rgb[]}
 */
export function ramp(stops, count) {
  const labs = stops.map((stop) => rgbToOklab(readColour(stop)));
  return Array.from({ length: count }, (_, place) => {
    const at = (place / Math.max(1, count - 1)) * (labs.length - 1);
    const from = Math.min(Math.floor(at), labs.length - 2);
    const parts = labs[from].map((one, axis) => one + (labs[from + 1][axis] - one) * (at - from));
    return oklabToRgb(/** @type {Rgb} */ (parts));
  });
}

/** @param {Rgb} rgb @param {number} [alpha] */
export const css = ([r, g, b], alpha = 1) => `rgb(${r} ${g} ${b} / ${alpha})`;

/** WCAG's contrast of two colours, 1 to 21. @param {string} one @param {string} other */
export function contrast(one, other) {
  const [a, b] = [one, other].map((text) => {
    const [r, g, b2] = readColour(text).map(toLinear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b2;
  });
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
