// @ts-check
/**
 * How a training goes: the loss on excerpts it learns from, and on excerpts it does not hear, over the time it may
 * take. The lines carry their names; a ring marks the best model so far, which is the one that is kept.
 */
import { clamp } from "../logic/numbers.js";
import { showClock, ticks } from "../logic/time-axis.js";
import { CanvasSurface } from "../parts/canvas-surface.js";
import { element } from "../parts/element.js";
import { tokens } from "../parts/theme.js";

/** @typedef {{seconds: number, loss: number|null, validation: number|null}} Point */

const FRAME = { left: 44, right: 72, top: 16, bottom: 28 };

export class LossCurve {
  /** @param {{seconds: number, points?: Point[]}} options `seconds` that the training may take */
  constructor({ seconds, points = [] }) {
    this.seconds = seconds;
    this.points = points;
    this.surface = new CanvasSurface((context, view) => this.#paint(context, view), "loss-curve__canvas");
    this.element = element("div", { class: "loss-curve", role: "img" }, this.surface.element);
    this.setPoints(points);
  }

  /** @param {Point[]} points @param {number} [seconds] */
  setPoints(points, seconds = this.seconds) {
    [this.points, this.seconds] = [points, seconds];
    const last = points.findLast((point) => point.validation !== null);
    this.element.setAttribute(
      "aria-label",
      last
        ? `Loss on unheard excerpts ${last.validation?.toFixed(3)} after ${showClock(last.seconds)}`
        : "Loss, nothing measured yet",
    );
    this.surface.request();
  }

  destroy() {
    this.surface.destroy();
    this.element.remove();
  }

  /** @param {CanvasRenderingContext2D} context @param {{width: number, height: number}} view */
  #paint(context, { width, height }) {
    const look = tokens(this.element, ["ink-2", "ink-3", "line", "good", "surface-1", "font"]);
    const values = this.points.flatMap(({ loss, validation }) => [loss, validation]).filter((one) => one !== null);
    const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
    const [inside, down] = [width - FRAME.left - FRAME.right, height - FRAME.top - FRAME.bottom];
    const room = (high - low) * 0.08 || 0.05;
    const x = (/** @type {number} */ seconds) => FRAME.left + (inside * seconds) / this.seconds;
    const y = (/** @type {number} */ value) => FRAME.top + down * (1 - (value - low + room) / (high - low + 2 * room));
    context.font = `500 11px ${look.font}`;
    context.textBaseline = "middle";
    this.#axes(context, { x, inside, down, look });
    if (!values.length) return;
    const heard = this.points
      .filter(({ loss }) => loss !== null)
      .map(({ seconds, loss }) => [x(seconds), y(/** @type {number} */ (loss))]);
    const unheard = this.points
      .filter(({ validation }) => validation !== null)
      .map(({ seconds, validation }) => [x(seconds), y(/** @type {number} */ (validation))]);
    line(context, heard, look["ink-3"], 1.25);
    line(context, unheard, look.good, 2);
    const best = unheard.reduce((least, point) => (point[1] > least[1] ? point : least), unheard[0] ?? [0, 0]);
    if (unheard.length) dot(context, best, look);
    this.#names(context, heard.at(-1), unheard.at(-1), look);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {{x: (seconds: number) => number, inside: number, down: number, look: Record<string, string>}} frame
   */
  #axes(context, { x, inside, down, look }) {
    context.fillStyle = look.line;
    for (let part = 0; part <= 4; part += 1)
      context.fillRect(FRAME.left, Math.round(FRAME.top + (down * part) / 4), inside + FRAME.right, 1);
    context.fillStyle = look["ink-3"];
    context.fillText("far", 0, FRAME.top + 1);
    context.fillText("near", 0, FRAME.top + down);
    for (const seconds of ticks(0, this.seconds, clamp(inside / 90, 2, 8))) {
      const text = showClock(seconds);
      const { width } = context.measureText(text);
      context.fillText(
        text,
        clamp(x(seconds) - width / 2, FRAME.left, FRAME.left + inside - width),
        FRAME.top + down + 16,
      );
    }
  }

  /**
   * Write the names at the ends of the lines, apart from each other.
   * @param {CanvasRenderingContext2D} context
   * @param {number[]|undefined} heard
   * @param {number[]|undefined} unheard
   * @param {Record<string, string>} look
   */
  #names(context, heard, unheard, look) {
    const apart = heard && unheard && Math.abs(heard[1] - unheard[1]) < 16 ? (heard[1] >= unheard[1] ? 1 : -1) : 0;
    const middle = heard && unheard ? (heard[1] + unheard[1]) / 2 : 0;
    const write = (
      /** @type {string} */ text,
      /** @type {number[]} */ [x, y],
      /** @type {string} */ colour,
      /** @type {number} */ side,
    ) => {
      context.fillStyle = colour;
      context.fillText(text, x + 10, side ? middle + 8 * side : y);
    };
    if (heard) write("heard", heard, look["ink-2"], apart);
    if (unheard) write("unheard", unheard, look.good, -apart);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number[][]} points @param {string} colour @param {number} width */
function line(context, points, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = context.lineCap = "round";
  context.beginPath();
  points.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {number[]} at @param {Record<string, string>} look */
function dot(context, [x, y], look) {
  context.beginPath();
  context.arc(x, y, 4.5, 0, 2 * Math.PI);
  context.fillStyle = look["surface-1"];
  context.fill();
  context.strokeStyle = look.good;
  context.lineWidth = 2;
  context.stroke();
}
