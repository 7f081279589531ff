// @ts-check
/**
 * How a lane is played on. A double click adds a breakpoint, a drag moves it (Ctrl snaps, Shift is fine), Delete takes
 * it away. Keys: left and right choose a breakpoint, up and down change its value, Alt with left and right its time,
 * Enter adds one after it; Shift makes steps small.
 */
import { insert, move, remove, valueAt } from "../logic/curve.js";
import { clamp, roundTo } from "../logic/numbers.js";
import { ticks } from "../logic/time-axis.js";
import { onDrag } from "./drag.js";

const EDGE = 18; // pixels above and below the curve
const STEPS = 40; // of an arrow key from one end to the other

/** @typedef {import("../widgets/lane.js").Lane} Lane */
/** @typedef {import("../logic/curve.js").Point} Point */

/** @param {Lane} lane @param {HTMLElement} field */
export function playOnLane(lane, field) {
  drag(lane, field);
  field.addEventListener("dblclick", (event) => {
    const box = field.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    if (lane.at(x, y) < 0) add(lane, lane.toPoint(x, y));
  });
  field.addEventListener("focus", () => lane.choose(Math.max(0, lane.chosen)));
  field.addEventListener("blur", () => lane.choose(-1));
  field.addEventListener("keydown", (event) => onKey(lane, event));
}

/** @param {Lane} lane @param {HTMLElement} field */
function drag(lane, field) {
  const { low, high, time } = lane.options;
  /** @type {Point} */
  let exact = [0, 0];
  onDrag(field, {
    start: ({ event, x, y }) => {
      field.focus();
      lane.choose(lane.at(x, y));
      if (lane.chosen < 0) return false;
      event.preventDefault();
      exact = [...lane.curve[lane.chosen]];
      return true;
    },
    move: ({ event, dx, dy, fine, moved }) => {
      const box = field.getBoundingClientRect();
      const ease = fine ? 10 : 1;
      exact[0] += ((dx / box.width) * (time.end - time.start)) / ease;
      exact[1] -= ((dy / (box.height - EDGE)) * (high - low)) / ease;
      const grid = event.ctrlKey || event.metaKey ? snap(lane) : [0.001, (high - low) / 1000];
      if (moved) moveTo(lane, [roundTo(exact[0], grid[0]), roundTo(exact[1], grid[1])], false);
    },
    end: ({ moved }) => moved && lane.commit(),
  });
}

/** The grid of times and values that a breakpoint snaps to. @param {Lane} lane @returns {Point} */
function snap({ options: { low, high, time } }) {
  const [first = 0, second = first + 1] = ticks(time.start, time.end, 12);
  return [(second - first) / 2, (high - low) / 20];
}

/** @param {Lane} lane @param {Point} to @param {boolean} done */
function moveTo(lane, to, done) {
  const { low, high, time } = lane.options;
  lane.change(move(lane.curve, lane.chosen, to, { seconds: time.seconds, low, high }), lane.chosen, done);
}

/** @param {Lane} lane @param {Point} point */
function add(lane, point) {
  const { curve, index } = insert(lane.curve, point);
  lane.change(curve, index, true);
}

/** @param {Lane} lane @param {KeyboardEvent} event */
function onKey(lane, event) {
  const { low, high, time } = lane.options;
  const [seconds, value] = lane.curve[lane.chosen] ?? [0, 0];
  const sign = event.key === "ArrowRight" || event.key === "ArrowUp" ? 1 : -1;
  const step = sign / (STEPS * (event.shiftKey ? 5 : 1));
  const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
  if (event.key === "ArrowUp" || event.key === "ArrowDown") moveTo(lane, [seconds, value + step * (high - low)], true);
  else if (sideways && event.altKey) moveTo(lane, [seconds + step * (time.end - time.start), value], true);
  else if (sideways) lane.choose(clamp(lane.chosen + sign, 0, lane.curve.length - 1));
  else if (event.key === "Delete" || event.key === "Backspace") {
    lane.change(remove(lane.curve, lane.chosen), Math.max(0, lane.chosen - 1), true);
  } else if (event.key === "Enter") {
    const next = lane.curve[lane.chosen + 1]?.[0] ?? time.seconds;
    const middle = roundTo((seconds + next) / 2, 0.001);
    add(lane, [middle, valueAt(lane.curve, middle)]);
  } else return;
  event.preventDefault();
}
