// @ts-check
/**
 * A number with its name and unit in one line: typed, dragged up and down, stepped by arrows. The role spinbutton bears
 * the name. A number that may change over time has a lane; while it follows one, the field says so.
 */
import { clamp, readNumber, roundTo, show } from "../logic/numbers.js";
import { setPressed, toggle } from "../parts/button.js";
import { element } from "../parts/element.js";
import { SpinInput } from "../parts/spin-input.js";
import { tip } from "../parts/tip.js";

const AUTO = "auto";

/**
 * @typedef {object} NumberFieldOptions
 * @property {string} name as a person reads it: "Duration"
 * @property {number} value
 * @property {number} [low] @property {number} [high] @property {number} [step]
 * @property {number} [digits] decimals
 * @property {string} [unit] written after the number
 * @property {boolean} [proportional] steps grow with the number
 * @property {boolean} [framed] with a ground of its own, as in a form; otherwise quiet, as in a line
 * @property {string} [tip] in full sentences
 * @property {boolean} [auto] whether it may be NaN, written "auto": the program then says it
 * @property {(value: number) => void} [onInput] @property {(value: number) => void} [onCommit]
 * @property {(open: boolean) => void} [onLane]
 */
export class NumberField {
  /** @param {NumberFieldOptions} options */
  constructor(options) {
    const {
      name,
      low = -Infinity,
      high = Infinity,
      step = 1,
      digits = step >= 1 ? 0 : 2,
      proportional,
      unit = "",
    } = options;
    const write = (/** @type {number} */ value) => (Number.isNaN(value) ? AUTO : show(value, digits));
    this.options = options;
    this.spin = new SpinInput({
      name,
      low,
      high,
      step,
      proportional,
      write,
      edit: write,
      whole: digits === 0 && step >= 1,
      read: (text) => {
        if (options.auto && ["", AUTO].includes(text.trim().toLowerCase())) return NaN;
        const read = readNumber(text);
        return read && clamp(roundTo(read.value, 10 ** -digits), low, high);
      },
      onInput: (value) => this.#fit(value, options.onInput),
      onCommit: (value) => this.#fit(value, options.onCommit),
    });
    this.lane = toggle({
      label: `Lane of ${name.toLowerCase()}`,
      icon: "lane",
      hidden: !options.onLane,
      onToggle: (open) => options.onLane?.(open),
    });
    const label = element("span", { class: "number-field__name", text: name, "aria-hidden": "true" });
    const box = element(
      "span",
      { class: "number-field__box" },
      this.spin.element,
      unit && element("span", { class: "number-field__unit", text: unit, "aria-hidden": "true" }),
    );
    box.addEventListener("click", (event) => event.target !== this.spin.element && this.spin.element.focus());
    this.element = element(
      "span",
      { class: `number-field ${options.framed ? "number-field--framed" : ""}` },
      label,
      box,
      this.lane,
    );
    if (options.tip) tip(this.element, options.tip);
    this.setValue(options.value);
  }

  /** @param {number} value */
  setValue(value) {
    this.spin.set(value);
    this.#fit(value);
  }

  /** Whether the number follows a lane; its value is then where the curve is. @param {boolean} follows */
  setFollows(follows) {
    this.element.toggleAttribute("data-follows", follows);
  }

  /** @param {boolean} open */
  setLaneOpen(open) {
    setPressed(this.lane, open);
  }

  /** @param {boolean} disabled */
  setDisabled(disabled) {
    this.spin.element.disabled = disabled;
    this.element.toggleAttribute("data-disabled", disabled);
  }

  /** Keep the input as wide as its number. @param {number} value @param {((value: number) => void)} [tell] */
  #fit(value, tell) {
    const { element: input } = this.spin;
    const { length } = this.spin.isEdited ? input.value : this.spin.options.write(value);
    if (!this.options.framed) input.style.width = `calc(${Math.max(1, length)}ch + 10px)`;
    tell?.(value);
  }
}
