// @ts-check
/** How a large sound picture is played on: a press seeks, a drag selects, Ctrl and the wheel zoom, arrows step. */
import { clamp } from "../logic/numbers.js";
import { onDrag } from "./drag.js";

/**
 * @typedef {object} Hands
 * @property {import("../logic/time-axis.js").TimeView} time
 * @property {() => number} playhead in seconds
 * @property {(seconds: number) => void} seek
 * @property {(span: {start: number, end: number}|null, done: boolean) => void} select
 */

/** @param {HTMLElement} node @param {Hands} hands */
export function playOnPicture(node, { time, playhead, seek, select }) {
  let from = 0;
  const at = (/** @type {number} */ x) => clamp(time.secondsAt(clamp(x, 0, 1)), 0, time.seconds);
  const span = (/** @type {number} */ x) => ({ start: Math.min(from, at(x)), end: Math.max(from, at(x)) });
  onDrag(node, {
    start: ({ x }) => {
      from = at(x);
      return time.seconds > 0;
    },
    move: ({ x, moved }) => moved && select(span(x), false),
    end: ({ x, moved }) => {
      select(moved ? span(x) : null, true);
      if (!moved) seek(at(x));
    },
    cancel: () => select(null, true),
  });
  node.addEventListener(
    "wheel",
    (event) => {
      const zooms = event.ctrlKey || event.metaKey;
      if (!zooms && !event.deltaX) return;
      event.preventDefault();
      const box = node.getBoundingClientRect();
      const by = (event.deltaX / box.width) * (time.end - time.start);
      if (zooms) time.zoom(Math.exp(event.deltaY / 200), at((event.clientX - box.left) / box.width));
      else time.show(time.start + by, time.end + by);
    },
    { passive: false },
  );
  node.addEventListener("keydown", (event) => {
    const step = (time.end - time.start) / (event.shiftKey ? 100 : 20);
    /** @type {Record<string, number>} */
    const to = { ArrowLeft: playhead() - step, ArrowRight: playhead() + step, Home: 0, End: time.seconds };
    if (!(event.key in to)) return;
    event.preventDefault();
    seek(clamp(to[event.key], 0, time.seconds));
  });
}
