// @ts-check
/**
 * A native range input with an instrument's hands: drag (Shift is fine), wheel while it has the focus, arrows (Shift
 * is fine), Page keys, Home and End, Delete or a double click back to its origin. It is the role slider; what a person
 * sees is drawn by the widget around it.
 */
import { clamp, roundTo } from "../logic/numbers.js";
import { onDrag } from "./drag.js";
import { element } from "./element.js";

const REST = 250; // milliseconds after the last turn of the wheel

/**
 * @typedef {object} RangeOptions
 * @property {string} name accessible name
 * @property {number} low @property {number} high
 * @property {number} step of one arrow key; a page is ten of them, Shift a fifth
 * @property {number} [origin] where a double click leads
 * @property {(value: number) => void} onInput while it moves
 * @property {(value: number) => void} onCommit when it rests
 * @property {() => Element} rail what the thumb runs along; presses are measured against it
 * @property {(event: PointerEvent) => boolean} [isOnThumb] whether a press is on the thumb, which then does not jump
 */
export class RangeInput {
  #dirty = false;
  #rest = 0;
  #exact = 0;
  #before = 0;

  /** @param {RangeOptions} options */
  constructor(options) {
    const { name, low, high } = options;
    this.options = options;
    this.element = element("input", {
      type: "range",
      class: "range-input",
      min: low,
      max: high,
      step: "any",
      "aria-label": name,
    });
    this.value = options.origin ?? low;
    this.set(this.value, "");
    this.#listen();
  }

  /** @param {number} value @param {string} said what it means, for a screen reader */
  set(value, said) {
    this.value = value;
    this.element.value = String(value);
    this.element.setAttribute("aria-valuenow", String(roundTo(value, 0.01)));
    if (said) this.element.setAttribute("aria-valuetext", said);
  }

  /** @param {number} value */
  #move(value) {
    const { low, high, step, onInput } = this.options;
    const next = clamp(roundTo(value, step / 50), low, high);
    if (next === this.value) return;
    this.value = next;
    this.#dirty = true;
    onInput(next);
  }

  #commit() {
    clearTimeout(this.#rest);
    if (!this.#dirty) return;
    this.#dirty = false;
    this.options.onCommit(this.value);
  }

  #reset() {
    this.#move(this.options.origin ?? this.options.low);
    this.#commit();
  }

  #listen() {
    const { low, high } = this.options;
    const node = this.element;
    onDrag(node, {
      start: ({ event }) => {
        if (node.disabled) return false;
        event.preventDefault();
        node.focus({ preventScroll: true });
        [this.#before, this.#exact] = [this.value, this.value];
        if (this.options.isOnThumb?.(event)) return true;
        const box = this.options.rail().getBoundingClientRect();
        this.#exact = low + clamp((event.clientX - box.left) / box.width, 0, 1) * (high - low);
        this.#move(this.#exact);
        return true;
      },
      move: ({ dx, fine }) => {
        const { width } = this.options.rail().getBoundingClientRect();
        this.#exact += ((dx / width) * (high - low)) / (fine ? 10 : 1);
        this.#move(this.#exact);
      },
      end: () => this.#commit(),
      cancel: () => {
        this.#move(this.#before);
        this.#commit();
      },
    });
    const quiet = { passive: false }; // touches: the browser would drag its own thumb
    node.addEventListener("touchstart", (event) => event.preventDefault(), quiet);
    node.addEventListener("dblclick", () => !node.disabled && this.#reset());
    node.addEventListener("keydown", (event) => this.#key(event));
    node.addEventListener("keyup", () => this.#commit());
    node.addEventListener("blur", () => this.#commit());
    node.addEventListener("input", () => this.#move(Number(node.value)));
    node.addEventListener("change", () => this.#commit());
    node.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { low, high, step, origin = low } = this.options;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = step * (event.shiftKey ? 0.2 : 1);
    /** @type {Record<string, number>} */
    const wanted = {
      ArrowRight: this.value + by,
      ArrowUp: this.value + by,
      ArrowLeft: this.value - by,
      ArrowDown: this.value - by,
      PageUp: this.value + 10 * by,
      PageDown: this.value - 10 * by,
      Home: low,
      End: high,
      Delete: origin,
      Backspace: origin,
    };
    if (!(event.key in wanted)) return;
    event.preventDefault();
    this.#move(wanted[event.key]);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (document.activeElement !== this.element || event.ctrlKey) return;
    event.preventDefault();
    const turn = Math.abs(event.deltaY) > Math.abs(event.deltaX) ? -event.deltaY : event.deltaX;
    this.#move(this.value + (Math.sign(turn) * this.options.step) / (event.shiftKey ? 5 : 1));
    clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => this.#commit(), REST);
  }
}
