// @ts-check
/**
 * A text input with the role spinbutton: typed, stepped by arrows (Shift is fine, Page keys are coarse), dragged up and
 * down, turned by the wheel while it has the focus. It shows `write(value)`, and `edit(value)` while a person types.
 */
import { clamp, roundTo } from "../logic/numbers.js";
import { onDrag } from "./drag.js";
import { element } from "./element.js";

const REST = 250; // milliseconds after the last turn of the wheel
const PIXELS = 4; // of a drag for one step

/**
 * @typedef {object} SpinOptions
 * @property {string} name accessible name
 * @property {number} low @property {number} high @property {number} step
 * @property {boolean} [proportional] steps grow with the value: for numbers that go over decades
 * @property {boolean} [whole] whether it is a whole number
 * @property {(value: number) => string} write @property {(value: number) => string} edit
 * @property {(text: string) => number|null} read
 * @property {(value: number) => void} onInput @property {(value: number) => void} onCommit
 */
export class SpinInput {
  #dirty = false;
  #rest = 0;
  #exact = 0;

  /** @param {SpinOptions} options */
  constructor(options) {
    this.options = options;
    this.value = options.low;
    this.element = element("input", {
      type: "text",
      class: "spin-input",
      role: "spinbutton",
      inputmode: "decimal",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": options.name,
      "aria-valuemin": options.low,
      "aria-valuemax": options.high,
    });
    this.#listen();
  }

  get isEdited() {
    return document.activeElement === this.element;
  }

  /** @param {number} value */
  set(value) {
    this.value = value;
    const { element: node, options } = this;
    if (Number.isNaN(value)) node.removeAttribute("aria-valuenow");
    else node.setAttribute("aria-valuenow", String(roundTo(value, 0.001)));
    node.setAttribute("aria-valuetext", options.write(value));
    if (!this.isEdited) node.value = options.write(value);
  }

  /** @param {number} value */
  #move(value) {
    const { low, high, step, whole, onInput } = this.options;
    const next = clamp(roundTo(value, whole ? 1 : step / 100), low, high);
    if (Object.is(next, this.value)) return;
    this.#dirty = true;
    this.set(next);
    onInput(next);
  }

  /** @param {number} steps */
  #step(steps) {
    const { step, proportional, high } = this.options;
    const from = Number.isNaN(this.value) ? high : this.value;
    const size = proportional ? Math.max(step, 10 ** Math.floor(Math.log10(Math.abs(from) || step)) / 10) : step;
    this.#move(roundTo(from + steps * size, size / 10));
    if (this.isEdited) this.element.value = this.options.edit(this.value);
  }

  #commit() {
    clearTimeout(this.#rest);
    if (this.isEdited) this.element.value = this.options.edit(this.value);
    if (!this.#dirty) return;
    this.#dirty = false;
    this.options.onCommit(this.value);
  }

  /** Take what was typed, or say that it is no number. */
  #typed() {
    const read = this.options.read(this.element.value);
    this.element.toggleAttribute("aria-invalid", read === null);
    if (read !== null) this.#move(read);
  }

  #listen() {
    const node = this.element;
    node.addEventListener("focus", () => {
      node.value = this.options.edit(this.value);
      node.select();
    });
    node.addEventListener("blur", () => {
      this.#commit();
      node.removeAttribute("aria-invalid");
      node.value = this.options.write(this.value);
    });
    node.addEventListener("input", () => this.#typed());
    node.addEventListener("keydown", (event) => this.#key(event));
    node.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    onDrag(node, {
      start: ({ event }) => {
        if (node.disabled || this.isEdited) return false;
        event.preventDefault();
        this.#exact = 0;
      },
      move: ({ dy, fine, moved }) => {
        this.#exact -= dy / (fine ? PIXELS * 5 : PIXELS);
        const parts = this.options.whole ? 1 : 5;
        const steps = Math.trunc(this.#exact * parts) / parts;
        if (!moved || !steps) return;
        this.#exact -= steps;
        this.#step(steps);
      },
      end: ({ moved }) => (moved ? this.#commit() : node.focus()),
      cancel: () => this.#commit(),
    });
  }

  /** @param {{shiftKey: boolean}} event */
  #fineness({ shiftKey }) {
    return shiftKey && !this.options.whole ? 0.2 : 1;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    /** @type {Record<string, number>} */
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
    if (event.key in steps) {
      event.preventDefault();
      this.#step(steps[event.key] * this.#fineness(event));
      this.#commit();
    } else if (event.key === "Enter") {
      this.#commit();
      this.element.select();
    } else if (event.key === "Escape") {
      this.element.blur();
    }
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!this.isEdited || event.ctrlKey || !event.deltaY) return;
    event.preventDefault();
    this.#step(-Math.sign(event.deltaY) * this.#fineness(event));
    clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => this.#commit(), REST);
  }
}
