// @ts-check
/**
 * The picture of the first screen: a spectrogram of sounds that nobody has made, drawn straight into its cells. Notes
 * with their partials ring and fade over long tones that glide; the same every time.
 */
import { CanvasSurface } from "../../parts/canvas-surface.js";
import { LevelImage } from "../../parts/level-image.js";

const [COLUMNS, ROWS] = [720, 150];
const OCTAVES = 8.2; // from the lowest row to the highest
const NOTES = 34;

/** Numbers that look thrown, the same every time. @param {number} seed */
function thrower(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * @typedef {object} Note
 * @property {number} at 0 to 1 @property {number} length share of the width until it has faded by 1/e
 * @property {number} pitch octaves above the lowest row @property {number} level 0 to 1
 * @property {number} partials @property {number} bend octaves over its length
 * @property {number} rise share of the width
 */

/** @param {() => number} random @returns {Note[]} */
function compose(random) {
  const scale = [0, 2, 3, 5, 7, 9, 10].map((step) => step / 12);
  const tones = [0.7, 1.3, 1.9, 2.4].map((pitch, at) => ({
    at: 0.02 + 0.2 * at,
    length: 0.8,
    pitch,
    level: 0.7,
    partials: 7,
    bend: at % 2 ? 0.16 : -0.06,
    rise: 0.14,
  }));
  const notes = Array.from({ length: NOTES }, (_, at) => ({
    at: 0.02 + (0.95 * (at + 0.8 * random())) / NOTES,
    length: 0.03 + 0.2 * random() ** 2,
    pitch: 1.4 + Math.floor(3.4 * random()) + scale[Math.floor(random() * scale.length)],
    level: 0.6 + 0.5 * random(),
    partials: 6 + Math.floor(12 * random()),
    bend: random() < 0.2 ? 0.25 * (random() - 0.5) : 0,
    rise: 0.002,
  }));
  return [...tones, ...notes];
}

/** Levels of all cells, 0 to 255, row by row, the lowest first. */
function paintCells() {
  const random = thrower(41);
  const levels = new Float32Array(COLUMNS * ROWS);
  for (const note of compose(random)) ring(levels, note, random() * 6);
  return Uint8Array.from(levels, (level, cell) => {
    const grain = 0.82 + 0.36 * hash(cell);
    return Math.min(255, 255 * Math.min(1, level * grain) ** 0.72);
  });
}

/** @param {number} cell */
const hash = (cell) => {
  const mixed = Math.imul(cell ^ (cell >>> 7), 2654435761) >>> 0;
  return mixed / 2 ** 32;
};

/** Let a note ring. @param {Float32Array} levels @param {Note} note @param {number} phase of its vibrato */
function ring(levels, { at, length, pitch, level, partials, bend, rise }, phase) {
  const first = Math.floor(at * COLUMNS);
  for (let column = first; column < COLUMNS; column += 1) {
    const passed = (column - first) / COLUMNS;
    const fall = Math.min(1, passed / rise) * Math.exp(-passed / length);
    if (passed > rise && fall < 0.02) break;
    const vibrato = 0.012 * Math.sin(phase + column / 7) * Math.min(1, passed / 0.05);
    const click = rise < 0.01 ? Math.exp(-passed / 0.004) : 0;
    for (let partial = 1; partial <= partials; partial += 1) {
      const row = ((pitch + Math.log2(partial) + bend * (passed / length) + vibrato) / OCTAVES) * ROWS;
      const height = level * fall * Math.exp(-(partial - 1) * (0.12 + passed * 1.6)) + 0.1 * click;
      blot(levels, column, row, height, 0.8 + 2.2 * click);
    }
  }
}

/**
 * @param {Float32Array} levels
 * @param {number} column
 * @param {number} row
 * @param {number} height
 * @param {number} width of rows
 */
function blot(levels, column, row, height, width) {
  const reach = Math.ceil(2.5 * width);
  for (
    let near = Math.max(0, Math.round(row) - reach);
    near <= Math.min(ROWS - 1, Math.round(row) + reach);
    near += 1
  ) {
    const cell = near * COLUMNS + column;
    levels[cell] = Math.max(levels[cell], height * Math.exp(-(((near - row) / width) ** 2)));
  }
}

/** @type {Uint8Array|null} */
let cells = null;

/** @param {string} names classes @returns {HTMLCanvasElement} */
export function aurora(names) {
  cells ??= paintCells();
  const image = new LevelImage({ columns: COLUMNS, rows: ROWS, cells, loudest: 255, db_per_step: 90 / 255 });
  const surface = new CanvasSurface((context, { width, height }) => {
    context.imageSmoothingQuality = "high";
    context.drawImage(image.paint(surface.element), 0, 0, COLUMNS, ROWS, 0, 0, width, height);
  }, names);
  return surface.element;
}
