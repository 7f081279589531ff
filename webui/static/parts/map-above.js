// @ts-check
/**
 * Draws the upper layer of a map, what moves: the moment that is meant, the path, the place, and the trace of a sound.
 */
import { css, readColour } from "../logic/colour.js";
import { clamp } from "../logic/numbers.js";
import { tokens } from "./theme.js";

const TAIL = 2.5; // seconds of a trace that stay bright
const FULL = 2 * Math.PI;

/** @typedef {import("../widgets/map-view.js").MapView} MapView */

/** @param {CanvasRenderingContext2D} context @param {MapView} map */
export function paintAbove(context, map) {
  const look = tokens(map.element, ["ink-1", "surface-1", "accent", "ink-3"]);
  const { box, moments } = map;
  const screen = (/** @type {number[]} */ [x, y]) => box.toScreen(x, y);
  if (map.trace.length) paintTrace(context, map, look.accent);
  const active = map.hovered >= 0 ? map.hovered : map.focused;
  if (moments[active]) paintActive(context, map, active, look);
  const drawn = map.stroke ?? map.path;
  if (drawn.length > 1) {
    const points = drawn.map(screen);
    polyline(context, points, look["surface-1"], 5);
    polyline(context, points, look["ink-1"], 1.75);
    if (!map.stroke)
      points.forEach(([x, y], index) =>
        ring(
          context,
          x,
          y,
          index === map.stop ? 6.5 : 5,
          index === map.stop ? look.accent : look["surface-1"],
          look["ink-1"],
        ),
      );
  }
  if (map.place) {
    const [x, y] = screen(map.place);
    ring(context, x, y, 8, "transparent", look.accent);
    ring(context, x, y, 3, look.accent, look.accent);
  }
}

/**
 * A moment that is pointed at, and the way of its recording over the map.
 * @param {CanvasRenderingContext2D} context
 * @param {MapView} map
 * @param {number} active
 * @param {Record<string, string>} look
 */
function paintActive(context, { box, moments }, active, look) {
  const same = moments.filter(({ file }) => file === moments[active].file).map(({ x, y }) => box.toScreen(x, y));
  context.globalAlpha = 0.5;
  polyline(context, same, look["ink-3"], 1);
  context.globalAlpha = 1;
  const [x, y] = box.toScreen(moments[active].x, moments[active].y);
  ring(context, x, y, 6, look["ink-1"], look["surface-1"]);
}

/**
 * Where the output went: bright behind the playhead, faint elsewhere.
 * @param {CanvasRenderingContext2D} context
 * @param {MapView} map
 * @param {string} accent
 */
function paintTrace(context, { box, trace, seconds }, accent) {
  const colour = readColour(accent);
  for (let at = 1; at < trace.length; at += 1) {
    const ago = seconds - trace[at][0];
    const bright = ago < 0 ? 0.12 : 0.22 + 0.68 * clamp(1 - ago / TAIL, 0, 1);
    polyline(
      context,
      [trace[at - 1], trace[at]].map(([, x, y]) => box.toScreen(x, y)),
      css(colour, bright),
      2,
    );
  }
  const next = trace.findIndex(([time]) => time >= seconds);
  if (next <= 0) return;
  const [[t0, x0, y0], [t1, x1, y1]] = [trace[next - 1], trace[next]];
  const share = (seconds - t0) / (t1 - t0 || 1);
  const [x, y] = box.toScreen(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share);
  ring(context, x, y, 12, css(colour, 0.2), "transparent");
  ring(context, x, y, 5, accent, "transparent");
}

/** @param {CanvasRenderingContext2D} context @param {number[][]} points @param {string} colour @param {number} width */
function polyline(context, points, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = context.lineCap = "round";
  context.beginPath();
  points.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} fill
 * @param {string} edge
 */
function ring(context, x, y, radius, fill, edge) {
  context.beginPath();
  context.arc(x, y, radius, 0, FULL);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = edge;
  context.lineWidth = 1.75;
  context.stroke();
}
