// @ts-check
/** Overlays of a spectrogram: lines of frequency with their names, the waveform, and a ruler of time below it. */
import { heightOf } from "../logic/spectrum.js";
import { showClock, ticks } from "../logic/time-axis.js";

const LINES = [
  [100, "100 Hz"],
  [1000, "1 kHz"],
  [10_000, "10 kHz"],
];

/** @typedef {{left: number, top: number, width: number, height: number}} Box */

/**
 * @param {CanvasRenderingContext2D} context @param {Box} box
 * @param {{low_hz: number, high_hz: number, ink: string, ground: string, font: string, labelled: boolean}} look
 */
export function paintFrequencies(context, box, { low_hz, high_hz, ink, ground, font, labelled }) {
  context.save();
  context.font = font;
  context.textBaseline = "middle";
  for (const [hertz, name] of /** @type {[number, string][]} */ (LINES)) {
    const y = Math.round(box.top + box.height * (1 - heightOf(hertz, low_hz, high_hz))) + 0.5;
    if (y < box.top + 2 || y > box.top + box.height - 2) continue;
    context.globalAlpha = 0.2;
    context.fillStyle = ink;
    context.fillRect(box.left, y - 0.5, box.width, 1);
    if (!labelled) continue;
    const width = context.measureText(name).width + 10;
    const left = box.left + box.width - width - 6;
    context.globalAlpha = 1;
    context.fillStyle = ground;
    context.beginPath();
    context.roundRect(left, y - 8, width, 16, 4);
    context.fill();
    context.fillStyle = ink;
    context.fillText(name, left + 5, y + 0.5);
  }
  context.restore();
}

/**
 * Draw the waveform as its outline, so that the spectrogram stays to be seen through it.
 * @param {CanvasRenderingContext2D} context @param {Box} box
 * @param {Int16Array} pairs lowest and highest sample of each point
 * @param {{start: number, end: number, ink: string}} part of the points that is in view, and the colour
 */
export function paintWaveform(context, box, pairs, { start, end, ink }) {
  const count = Math.max(2, Math.min(Math.round(box.width), end - start));
  const middle = box.top + box.height / 2;
  const reach = box.height * 0.46;
  /** @type {[number[], number[]]} */
  const [upper, lower] = [[], []];
  for (let at = 0; at < count; at += 1) {
    const from = Math.max(0, Math.floor(start + (at * (end - start)) / count));
    const to = Math.min(pairs.length / 2, Math.max(from + 1, Math.floor(start + ((at + 1) * (end - start)) / count)));
    let [low, high] = [0, 0];
    for (let point = from; point < to; point += 1) {
      low = Math.min(low, pairs[2 * point]);
      high = Math.max(high, pairs[2 * point + 1]);
    }
    upper.push(middle - (high / 32768) * reach - 0.25);
    lower.push(middle - (low / 32768) * reach + 0.25);
  }
  const x = (/** @type {number} */ at) => box.left + ((at + 0.5) * box.width) / count;
  const outline = new Path2D();
  upper.forEach((y, at) => (at ? outline.lineTo(x(at), y) : outline.moveTo(x(at), y)));
  for (let at = count - 1; at >= 0; at -= 1) outline.lineTo(x(at), lower[at]);
  outline.closePath();
  context.save();
  context.fillStyle = context.strokeStyle = ink;
  context.lineWidth = 1;
  context.globalAlpha = 0.16;
  context.fill(outline);
  context.globalAlpha = 0.6;
  context.stroke(outline);
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context @param {Box} box
 * @param {import("../logic/time-axis.js").TimeView} time
 * @param {{ink: string, line: string, font: string}} look
 */
export function paintRuler(context, box, time, { ink, line, font }) {
  context.save();
  context.font = font;
  context.textBaseline = "middle";
  const span = time.end - time.start;
  for (const seconds of ticks(time.start, time.end, Math.max(2, box.width / 88))) {
    const x = Math.round(box.left + time.shareOf(seconds) * box.width);
    context.fillStyle = line;
    context.fillRect(Math.min(x, box.left + box.width - 1), box.top + 2, 1, 4);
    const text = time.seconds < 60 ? `${Number(seconds.toFixed(2))} s` : showClock(seconds, span < 10 ? 1 : 0);
    const width = context.measureText(text).width;
    context.fillStyle = ink;
    context.fillText(
      text,
      Math.min(Math.max(box.left + 2, x - width / 2), box.left + box.width - width - 2),
      box.top + 13,
    );
  }
  context.restore();
}
