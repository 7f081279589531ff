// @ts-check
/** Words at the edges of a map for what its axes go along with. */
import { element } from "./element.js";

/** @typedef {import("../widgets/map-view.js").Meaning} Meaning */

/**
 * @param {{x: Meaning[], y: Meaning[]}} axes the strongest meaning first
 * @returns {HTMLElement[]} for the left, right, lower and upper edge
 */
export function edgeWords({ x, y }) {
  const word = (/** @type {string} */ side, /** @type {Meaning[]} */ axis, /** @type {"low"|"high"} */ end) =>
    element("span", {
      class: `map-view__word map-view__word--${side}`,
      text: axis.map((one) => one[end]).join(" · "),
    });
  return [word("left", x, "low"), word("right", x, "high"), word("bottom", y, "low"), word("top", y, "high")];
}
