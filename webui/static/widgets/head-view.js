// @ts-check
/** The head from above with the sounds around it: ahead is up, left is left, nearer the middle is nearer the ears. */
import { drawing, element } from "../parts/element.js";

const SIZE = 176;
const FARTHEST = 68; // pixels from the middle
const NEAREST = 30;

/**
 * @typedef {{azimuth_degrees: number, distance: number, level: number}} Source azimuth 0 ahead, 90 left; distance and
 *     level 0 to 1
 */

export class HeadView {
  /** @param {{sources?: Source[], name?: string}} [options] */
  constructor({ sources = [], name = "Sounds around the head" } = {}) {
    const middle = SIZE / 2;
    this.sources = drawing("g");
    const rings = [NEAREST, (NEAREST + FARTHEST) / 2, FARTHEST].map((r) =>
      drawing("circle", { class: "head-view__ring", cx: middle, cy: middle, r }),
    );
    const head = drawing(
      "g",
      { class: "head-view__head" },
      drawing("path", { d: `M${middle - 3.5} ${middle - 14} ${middle} ${middle - 20}l3.5 6` }),
      drawing("ellipse", { cx: middle - 13.5, cy: middle + 1, rx: 2.5, ry: 5 }),
      drawing("ellipse", { cx: middle + 13.5, cy: middle + 1, rx: 2.5, ry: 5 }),
      drawing("ellipse", { cx: middle, cy: middle, rx: 12.5, ry: 15 }),
    );
    this.element = element(
      "div",
      { class: "head-view", role: "img", "aria-label": name, data: { group: "space" } },
      drawing("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, "aria-hidden": "true" }, ...rings, head, this.sources),
      element("span", { class: "head-view__word head-view__word--front", text: "front", "aria-hidden": "true" }),
      element("span", { class: "head-view__word head-view__word--left", text: "L", "aria-hidden": "true" }),
      element("span", { class: "head-view__word head-view__word--right", text: "R", "aria-hidden": "true" }),
    );
    this.setSources(sources);
  }

  /** @param {Source[]} sources */
  setSources(sources) {
    this.sources.replaceChildren(
      ...sources.flatMap(({ azimuth_degrees, distance, level }) => {
        const away = NEAREST + (FARTHEST - NEAREST) * distance;
        const angle = (azimuth_degrees * Math.PI) / 180;
        const [cx, cy] = [SIZE / 2 - away * Math.sin(angle), SIZE / 2 - away * Math.cos(angle)];
        return [
          drawing("circle", { class: "head-view__halo", cx, cy, r: 5 + 9 * level }),
          drawing("circle", { class: "head-view__source", cx, cy, r: 2 + 2.5 * level, opacity: 0.45 + 0.55 * level }),
        ];
      }),
    );
  }
}
