// @ts-check
/** Draws the lower layer of a map: the moments with the light around them, and the names of a few. */
import { css, ramp, readColour } from "../logic/colour.js";
import { density } from "../logic/density.js";
import { shortName } from "../logic/file-names.js";
import { placeLabels } from "../logic/label-placement.js";
import { clamp } from "../logic/numbers.js";
import { tokens } from "./theme.js";

const STEPS = 24; // of the colour ramp
const CELL = 9; // pixels of the grid on which density is counted
const GLOW = 0.2; // opacity where moments are densest
const IN_A_PATH = 200;
const ENOUGH = 3000; // moments, to count density and to find room for names
const FULL = 2 * Math.PI;

/** @typedef {import("../widgets/map-view.js").MapView} MapView */

/**
 * Colours from low to high of what a map is coloured by.
 * @param {Element} node
 * @param {string} group
 * @returns {import("../logic/colour.js").Rgb[]}
 */
export function mapColours(node, group) {
  const look = tokens(node, ["surface-1", group, "ink-1"]);
  const [faint, strong] = [ramp([look["surface-1"], look[group]], 11)[4], ramp([look[group], look["ink-1"]], 11)[5]];
  return ramp([css(faint), look[group], css(strong)], STEPS);
}

/** Radius of a dot in pixels: the more moments, the smaller. @param {number} count @param {number} zoom */
const dotRadius = (count, zoom) => clamp(62 / Math.sqrt(count + 40), 1.5, 4.5) * zoom ** 0.35;

/** @param {CanvasRenderingContext2D} context @param {MapView} map */
export function paintMoments(context, map) {
  const { box, moments, shares } = map;
  const look = tokens(map.element, ["line", "ink-2", "surface-1", "font"]);
  const [x, y] = box.toScreen(0, 0).map((one) => Math.round(one) + 0.5);
  context.strokeStyle = look.line;
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(box.width, y);
  context.moveTo(x, 0);
  context.lineTo(x, box.height);
  context.stroke();
  const places = moments.map((moment) => box.toScreen(moment.x, moment.y));
  const colours = mapColours(map.element, map.group);
  paintGlow(context, map, places, colours[STEPS >> 1]);
  const radius = dotRadius(moments.length, box.zoom);
  /** @type {number[][][]} */
  const steps = Array.from({ length: STEPS }, () => []);
  places.forEach((place, index) => steps[Math.round(shares[index] * (STEPS - 1))].push(place));
  steps.forEach((some, step) => paintDots(context, some, radius, css(colours[step], 0.92)));
  paintNames(context, map, look, places);
}

/**
 * Dots of one colour, a few in one path: a path of thousands is slow to fill.
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} places
 * @param {number} radius
 * @param {string} colour
 */
function paintDots(context, places, radius, colour) {
  context.fillStyle = colour;
  for (let first = 0; first < places.length; first += IN_A_PATH) {
    context.beginPath();
    for (const [left, top] of places.slice(first, first + IN_A_PATH)) {
      context.moveTo(left + radius, top);
      context.arc(left, top, radius, 0, FULL);
    }
    context.fill();
  }
}

/** Some of many, evenly taken: enough to see where they lie. @template T @param {T[]} all @returns {T[]} */
function sample(all) {
  const step = Math.ceil(all.length / ENOUGH);
  return step > 1 ? all.filter((_, index) => index % step === 0) : all;
}

/**
 * A faint light where many moments are.
 * @param {CanvasRenderingContext2D} context
 * @param {MapView} map
 * @param {number[][]} places
 * @param {import("../logic/colour.js").Rgb} colour
 */
function paintGlow(context, { box }, places, [r, g, b]) {
  const columns = Math.ceil(box.width / CELL);
  const rows = Math.ceil(box.height / CELL);
  const shares = sample(places.filter(([x, y]) => x > -40 && y > -40 && x < box.width + 40 && y < box.height + 40)).map(
    ([x, y]) => [x / box.width, y / box.height],
  );
  const light = new ImageData(columns, rows);
  const strength = 255 * GLOW * clamp(shares.length / 200, 0.3, 1);
  density(shares, columns, rows, 44 / CELL).forEach((one, cell) =>
    light.data.set([r, g, b, Math.round(strength * one ** 0.6)], 4 * cell),
  );
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext("2d")?.putImageData(light, 0, 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, box.width, box.height);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapView} map
 * @param {Record<string, string>} look
 * @param {number[][]} places of all moments
 */
function paintNames(context, map, look, places) {
  const { box, moments } = map;
  context.font = `500 11px ${look.font}`;
  context.textBaseline = "middle";
  const marks = map.landmarks
    .map((index) => {
      const [x, y] = box.toScreen(moments[index].x, moments[index].y);
      const text = shortName(moments[index].file);
      return { x, y, text, width: context.measureText(text).width };
    })
    .filter(({ x, y }) => x > 0 && y > 0 && x < box.width && y < box.height);
  const edges = map.words.map((word) => {
    const own = word.getBoundingClientRect();
    const all = map.element.getBoundingClientRect();
    const zoom = all.width / box.width || 1;
    return {
      left: (own.left - all.left) / zoom,
      top: (own.top - all.top) / zoom,
      right: (own.right - all.left) / zoom,
      bottom: (own.bottom - all.top) / zoom,
    };
  });
  const labels = placeLabels(marks, { width: box.width, height: box.height, taken: edges, dots: sample(places) });
  context.lineWidth = 3;
  context.lineJoin = "round";
  marks.forEach(({ x, y, text }, index) => {
    const at = labels[index];
    context.strokeStyle = look["ink-2"];
    context.lineWidth = 1;
    context.beginPath();
    context.arc(x, y, dotRadius(moments.length, box.zoom) + 2.5, 0, FULL);
    context.stroke();
    if (!at) return;
    context.lineWidth = 3;
    context.strokeStyle = look["surface-1"];
    context.strokeText(text, at.left, at.top + 7);
    context.fillStyle = look["ink-2"];
    context.fillText(text, at.left, at.top + 7);
  });
}
