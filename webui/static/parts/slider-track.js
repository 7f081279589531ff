// @ts-check
/** The track of a slider: a rail with the measured curve above it, filled from 0 to where the slider stands. */
import { curveHeights, LIMIT } from "../logic/certificate.js";
import { clamp } from "../logic/numbers.js";
import { drawing, element } from "./element.js";

const POINTS = 41; // of the drawn curve
const FLATTEST = 0.3; // of the height: a small throw is drawn flatter, but never as a straight line

/** @param {number} position */
const share = (position) => (position + LIMIT) / (2 * LIMIT);

export class SliderTrack {
  /** @param {import("../logic/certificate.js").Slider} slider */
  constructor(slider) {
    const height = clamp(slider.throw ?? 1, FLATTEST, 1);
    this.heights = curveHeights(slider, POINTS).map((one) => one * height);
    this.thumb = element("div", { class: "slider-row__thumb" });
    const mark = (/** @type {string} */ name) => element("div", { class: `slider-row__${name}` });
    this.element = element(
      "div",
      { class: "slider-row__rail" },
      this.#curve(""),
      this.#curve("slider-row__curve--moved"),
      mark("span"),
      mark("zero"),
      mark("stem"),
      this.thumb,
    );
  }

  /** @param {number} position */
  set(position) {
    const at = share(position);
    this.element.style.setProperty("--at", String(at));
    this.element.style.setProperty("--height", String(this.heights[Math.round(at * (POINTS - 1))]));
  }

  /** How far a slider goes that follows a lane. @param {number} low @param {number} high positions */
  setSpan(low, high) {
    this.element.style.setProperty("--low", String(share(low)));
    this.element.style.setProperty("--high", String(share(high)));
  }

  /** @param {PointerEvent} event */
  isOnThumb({ clientX }) {
    const box = this.thumb.getBoundingClientRect();
    return clientX >= box.left && clientX <= box.right;
  }

  /** @param {string} names */
  #curve(names) {
    const points = this.heights.map((height, at) => `${(100 * at) / (POINTS - 1)} ${100 - 100 * height}`).join("L");
    return drawing(
      "svg",
      {
        class: `slider-row__curve ${names}`,
        viewBox: "0 0 100 100",
        preserveAspectRatio: "none",
        "aria-hidden": "true",
      },
      drawing("path", { class: "slider-row__area", d: `M0 100L${points}L100 100Z` }),
      drawing("path", { class: "slider-row__line", d: `M${points}`, "vector-effect": "non-scaling-stroke" }),
    );
  }
}
