// @ts-check
/**
 * One slider of the bank: name, end words, a track with the measured curve in it, where it stands in its own unit, its
 * state as a mark and a word, a lock, and a button that opens its lane.
 *
 * Its value is a position from −10 to 10, or a curve over time ([[seconds, position], …]). A row that follows a curve
 * shows the span it moves in; dragging then raises or lowers the whole curve.
 */
import { describe, LIMIT, readStand, showStand, STATES } from "../logic/certificate.js";
import { extent, isCurve, shift, valueAt } from "../logic/curve.js";
import { clamp } from "../logic/numbers.js";
import { setMeaning, setPressed, toggle } from "../parts/button.js";
import { element } from "../parts/element.js";
import { icon } from "../parts/icon.js";
import { RangeInput } from "../parts/range-input.js";
import { SliderTrack } from "../parts/slider-track.js";
import { SpinInput } from "../parts/spin-input.js";
import { tip } from "../parts/tip.js";

/** @typedef {import("../logic/curve.js").Curve} Curve */
/** @typedef {number | Curve} Value */
/**
 * @typedef {object} SliderRowOptions
 * @property {import("../logic/certificate.js").Slider} slider
 * @property {Value} [value]
 * @property {boolean} [locked]
 * @property {boolean} [laneOpen]
 * @property {(value: Value) => void} [onInput] while it moves
 * @property {(value: Value) => void} [onCommit] when it rests
 * @property {(locked: boolean) => void} [onLock] without it there is no lock
 * @property {(open: boolean) => void} [onLane] without it there is no lane
 */
export class SliderRow {
  #seconds = 0;

  /** @param {SliderRowOptions} options */
  constructor(options) {
    const { slider } = options;
    this.options = options;
    this.slider = slider;
    /** @type {Value} */
    this.value = options.value ?? 0;
    this.track = new SliderTrack(slider);
    this.range = new RangeInput({
      name: slider.name,
      low: -LIMIT,
      high: LIMIT,
      step: 0.5,
      origin: 0,
      rail: () => this.track.element,
      isOnThumb: (event) => this.track.isOnThumb(event),
      onInput: (position) => this.#asked(position, options.onInput),
      onCommit: (position) => this.#asked(position, options.onCommit),
    });
    this.spin = new SpinInput({
      name: `${slider.name} value`,
      low: -LIMIT,
      high: LIMIT,
      step: 0.5,
      write: (position) => showStand(slider, position),
      edit: (position) => String(Math.round(position * 100) / 100),
      read: (text) => readStand(slider, text),
      onInput: (position) => this.#asked(position, options.onInput),
      onCommit: (position) => this.#asked(position, options.onCommit),
    });
    const off = slider.state === "off";
    this.range.element.disabled = this.spin.element.disabled = off;
    tip(this.range.element, () => (this.range.element.matches(":active") ? "" : describe(slider)));
    this.lock = toggle({
      label: `Lock ${slider.name}`,
      icon: "unlock",
      hidden: !options.onLock,
      disabled: off,
      onToggle: (locked) => {
        this.setLocked(locked);
        options.onLock?.(locked);
      },
    });
    this.lock.classList.add("slider-row__lock");
    this.lane = toggle({
      label: `Lane of ${slider.name}`,
      icon: "lane",
      hidden: !options.onLane,
      disabled: off,
      onToggle: (open) => options.onLane?.(open),
    });
    this.element = element(
      "div",
      { class: "slider-row", data: { group: slider.group ?? "discovered", state: slider.state } },
      this.#head(),
      element("div", { class: "slider-row__track" }, this.track.element, this.range.element),
      element("div", { class: "slider-row__tools" }, this.lock, this.lane),
    );
    this.setValue(this.value);
    this.setLocked(options.locked ?? false);
    this.setLaneOpen(options.laneOpen ?? false);
  }

  /** @param {Value} value */
  setValue(value) {
    this.value = value;
    const curve = isCurve(value) ? value : null;
    this.element.toggleAttribute("data-follows", curve !== null);
    if (curve) this.track.setSpan(...extent(curve));
    this.#show();
  }

  /** Where the playhead is: a row that follows a curve stands where its curve is then. @param {number} seconds */
  setPlayhead(seconds) {
    this.#seconds = seconds;
    if (isCurve(this.value)) this.#show();
  }

  /** @param {boolean} locked */
  setLocked(locked) {
    setPressed(this.lock, locked);
    setMeaning(this.lock, `Lock ${this.slider.name}`, locked ? "lock" : "unlock");
    this.element.toggleAttribute("data-locked", locked);
  }

  /** @param {boolean} open */
  setLaneOpen(open) {
    setPressed(this.lane, open);
  }

  destroy() {
    this.element.remove();
  }

  /** @param {number} position @param {((value: Value) => void) | undefined} tell */
  #asked(position, tell) {
    if (isCurve(this.value) && position !== 0) {
      const by = position - valueAt(this.value, this.#seconds);
      this.setValue(shift(this.value, by, -LIMIT, LIMIT));
    } else {
      this.setValue(position);
    }
    tell?.(this.value);
  }

  #show() {
    const position = clamp(valueAt(this.value, this.#seconds), -LIMIT, LIMIT);
    const said = [
      showStand(this.slider, position),
      isCurve(this.value) && "follows its lane",
      STATES[this.slider.state].word,
    ];
    this.range.set(position, said.filter(Boolean).join(", "));
    this.spin.set(position);
    this.track.set(position);
    this.element.dataset.side = position < 0 ? "low" : position > 0 ? "high" : "zero";
  }

  #head() {
    const { slider } = this;
    const { mark, word } = STATES[slider.state];
    const say = (/** @type {string} */ part, text = "") => element("span", { class: `slider-row__${part}`, text });
    const ends = element(
      "span",
      { class: "slider-row__ends" },
      ...(slider.low ? [say("low", slider.low), " – ", say("high", slider.high)] : []),
    );
    const state = element("span", { class: "slider-row__state" }, mark ? icon(mark) : null, say("word", word));
    const told = slider.state === "off" ? say("reason", slider.reason) : ends;
    const head = element(
      "div",
      { class: "slider-row__head" },
      say("name", slider.name),
      told,
      say("follows", "follows its lane"),
      state,
      this.spin.element,
    );
    tip(head, () => describe(slider));
    return head;
  }
}
