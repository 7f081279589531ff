// @ts-check
/** Draws a sound picture: the part of the spectrogram that is in view, and over it what its size has room for. */
import { paintFrequencies, paintRuler, paintWaveform } from "./picture-paint.js";
import { tokens } from "./theme.js";

const RULER = 20; // pixels below a large picture
const LABELLED = 96; // pixels of height from which the lines of frequency have names

/**
 * @typedef {object} Parts
 * @property {import("./level-image.js").LevelImage|null} image
 * @property {Int16Array|null} pairs of the waveform
 * @property {number} seconds of the whole sound
 * @property {number} low_hz @property {number} high_hz
 * @property {import("../logic/time-axis.js").TimeView} time
 * @property {"thumbnail"|"strip"|"large"} size
 * @property {boolean} labelled whether the lines of frequency have names, where there is room
 * @property {Element} node whose colours it has
 */

/** @param {CanvasRenderingContext2D} context @param {{width: number, height: number}} view @param {Parts} parts */
export function paintPicture(context, { width, height }, parts) {
  const { image, pairs, time, size, node } = parts;
  const look = tokens(node, ["picture-0", "picture-ink", "picture-label", "ink-3", "surface-3", "font"]);
  const [ink, font] = [look["picture-ink"], `500 10.5px ${look.font}`];
  const large = size === "large";
  const box = { left: 0, top: 0, width, height: height - (large ? RULER : 0) };
  const [start, end] = [time.start, time.end].map((seconds) => seconds / (parts.seconds || 1));
  context.fillStyle = look["picture-0"];
  context.fillRect(0, 0, width, box.height);
  if (image) {
    const [first, count] = [start * image.columns, (end - start) * image.columns];
    context.imageSmoothingQuality = "high";
    context.drawImage(image.paint(node), first, 0, count, image.rows, 0, 0, width, box.height);
  }
  if (size === "thumbnail") return;
  if (pairs) {
    const points = pairs.length / 2;
    paintWaveform(context, box, pairs, { start: start * points, end: end * points, ink });
  }
  const { low_hz, high_hz } = parts;
  const ground = look["picture-label"];
  paintFrequencies(context, box, { low_hz, high_hz, ink, ground, font, labelled: parts.labelled && box.height >= LABELLED });
  const ruler = { ...box, top: box.height, height: RULER };
  if (large && parts.seconds) paintRuler(context, ruler, time, { ink: look["ink-3"], line: look["surface-3"], font });
}
