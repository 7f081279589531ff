// @ts-check
/** Draws a lane: its area from the origin, its line, its breakpoints. */
import { css, readColour } from "../logic/colour.js";
import { valueAt } from "../logic/curve.js";
import { tokens } from "./theme.js";

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{width: number, height: number, lane: import("../widgets/lane.js").Lane}} view
 */
export function paintLane(context, { width, height, lane }) {
  const look = tokens(lane.element, ["hue", "line", "surface-1", "ink-1"]);
  const { low, high, origin = low, time } = lane.options;
  const hue = readColour(look.hue);
  const zero = Math.round(lane.toScreen([0, origin])[1]) + 0.5;

  context.strokeStyle = look.line;
  context.lineWidth = 1;
  if (origin > low && origin < high)
    line(context, [
      [0, zero],
      [width, zero],
    ]);

  const inside = lane.curve
    .filter(([seconds]) => seconds > time.start && seconds < time.end)
    .map((point) => lane.toScreen(point));
  const edge = (/** @type {number} */ seconds) => lane.toScreen([seconds, valueAt(lane.curve, seconds)]);
  const points = [edge(time.start), ...inside, edge(time.end)];

  context.fillStyle = css(hue, 0.14);
  context.beginPath();
  context.moveTo(0, zero);
  for (const [x, y] of points) context.lineTo(x, y);
  context.lineTo(width, zero);
  context.fill();
  context.strokeStyle = look.hue;
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  line(context, points);

  lane.curve.forEach((point, index) => {
    const [x, y] = lane.toScreen(point);
    if (x < -6 || x > width + 6) return;
    const chosen = index === lane.chosen;
    context.beginPath();
    context.arc(
      Math.min(Math.max(x, 5), width - 5),
      Math.min(Math.max(y, 5), height - 5),
      chosen ? 5 : 4,
      0,
      2 * Math.PI,
    );
    context.fillStyle = chosen ? look.hue : look["surface-1"];
    context.fill();
    context.stroke();
  });
}

/** @param {CanvasRenderingContext2D} context @param {number[][]} points */
function line(context, points) {
  context.beginPath();
  points.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}
