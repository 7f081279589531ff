// @ts-check
/**
 * A setting over time: breakpoints joined by lines, on the time axis of the sound picture above it. See
 * parts/lane-hands.js for how it is played on.
 */
import { fromCurve, toCurve } from "../logic/curve.js";
import { clamp, mix, roundTo } from "../logic/numbers.js";
import { button } from "../parts/button.js";
import { CanvasSurface } from "../parts/canvas-surface.js";
import { element } from "../parts/element.js";
import { playOnLane } from "../parts/lane-hands.js";
import { paintLane } from "../parts/lane-paint.js";

const REACH = 11; // pixels around a breakpoint

/** @typedef {import("../logic/curve.js").Curve} Curve */
/** @typedef {import("../logic/curve.js").Point} Point */
/**
 * @typedef {object} LaneOptions
 * @property {string} name of the setting
 * @property {string} [group] whose hue it takes
 * @property {number} low @property {number} high @property {number} [origin] where its area begins
 * @property {[string, string]} [ends] words for low and high
 * @property {number|Curve} curve
 * @property {import("../logic/time-axis.js").TimeView} time shared with the sound picture
 * @property {(value: number) => string} [write]
 * @property {(curve: number|Curve) => void} [onInput] @property {(curve: number|Curve) => void} [onCommit]
 * @property {() => void} [onClose]
 */
export class Lane {
  #forgetTime;

  /** @param {LaneOptions} options */
  constructor(options) {
    const { name, group, ends = ["", ""], time, onClose } = options;
    this.options = options;
    this.curve = toCurve(options.curve);
    this.chosen = -1;
    this.surface = new CanvasSurface((context, view) => paintLane(context, { ...view, lane: this }), "lane__canvas");
    this.said = element("span", { class: "lane__said number", "aria-live": "polite" });
    this.head = element("div", { class: "lane__head", hidden: true });
    const close = button({ label: `Close lane of ${name}`, kind: "icon", icon: "close", onPress: () => onClose?.() });
    close.classList.add("button--small");
    close.hidden = !onClose;
    this.field = element(
      "div",
      {
        class: "lane__field",
        role: "application",
        tabindex: 0,
        "aria-label": `Lane of ${name}`,
        "aria-roledescription": "lane",
      },
      this.surface.element,
      this.head,
    );
    this.element = element(
      "div",
      { class: "lane", data: { group } },
      this.field,
      element(
        "div",
        { class: "lane__label" },
        element("strong", { text: name, "aria-hidden": "true" }),
        element("span", { text: ends[1], "aria-hidden": "true" }),
        this.said,
      ),
      element("div", { class: "lane__low", "aria-hidden": "true", text: ends[0] }),
      close,
    );
    this.#forgetTime = time.onChange(() => this.setPlayhead(this.playhead));
    /** @type {number|null} */
    this.playhead = null;
    playOnLane(this, this.field);
  }

  /** @param {number|Curve} curve */
  setCurve(curve) {
    this.curve = toCurve(curve);
    this.choose(Math.min(this.chosen, this.curve.length - 1));
  }

  /** @param {number|null} seconds */
  setPlayhead(seconds) {
    this.playhead = seconds;
    this.head.hidden = seconds === null;
    this.head.style.left = `${100 * this.options.time.shareOf(seconds ?? 0)}%`;
    this.surface.request();
  }

  /** Where a breakpoint lies on the canvas, in pixels. @param {Point} point @returns {[number, number]} */
  toScreen([seconds, value]) {
    const { low, high, time } = this.options;
    return [time.shareOf(seconds) * this.surface.width, mix(this.surface.height - 9, 9, (value - low) / (high - low))];
  }

  destroy() {
    this.#forgetTime();
    this.surface.destroy();
    this.element.remove();
  }

  /** @param {number} x @param {number} y shares of the field @returns {Point} */
  toPoint(x, y) {
    const { low, high, time } = this.options;
    const share = (this.surface.height * (1 - y) - 9) / Math.max(1, this.surface.height - 18);
    return [
      clamp(roundTo(time.secondsAt(x), 0.001), 0, time.seconds),
      clamp(roundTo(mix(low, high, share), (high - low) / 1000), low, high),
    ];
  }

  /** The breakpoint that is there, or −1. @param {number} x @param {number} y shares of the field */
  at(x, y) {
    const [left, top] = [x * this.surface.width, y * this.surface.height];
    const away = this.curve.map((point) => Math.hypot(this.toScreen(point)[0] - left, this.toScreen(point)[1] - top));
    const nearest = away.indexOf(Math.min(...away));
    return away[nearest] <= REACH ? nearest : -1;
  }

  /** @param {number} index of a breakpoint; −1 for none */
  choose(index) {
    this.chosen = index;
    const point = this.curve[index];
    const { write = String } = this.options;
    this.said.textContent = point ? `${roundTo(point[0], 0.01)} s · ${write(point[1])}` : "";
    this.surface.request();
  }

  /** @param {Curve} curve @param {number} chosen @param {boolean} done */
  change(curve, chosen, done) {
    this.curve = curve;
    this.choose(chosen);
    this.options.onInput?.(fromCurve(curve));
    if (done) this.commit();
  }

  commit() {
    this.options.onCommit?.(fromCurve(this.curve));
  }
}
