// @ts-check
/**
 * A list or a grid of which only what is in view exists, in a scroller of its own or in one around it. One item can be
 * reached by Tab; arrow keys lead from item to item, and it is brought into view before it gets the focus.
 */
import { rowsInView } from "../../logic/row-window.js";
import { element } from "../../parts/element.js";

/** @typedef {{element: HTMLElement, update?: (item: any) => void, destroy?: () => void, focus?: () => void}} Made */
/**
 * @template T
 * @typedef {object} Looks
 * @property {string} name of the list @property {number} rowHeight pixels, its gap included
 * @property {number} [gap] between columns @property {number} [minWidth] of a column; without it there is one
 * @property {(item: T) => string} keyOf
 * @property {(item: T) => Made} make
 */

/** @template T */
export class Windowed {
  /** @type {T[]} */ items = [];
  /** @type {Map<string, any>} */ #made = new Map();
  #waiting = 0;
  columns = 1;
  at = 0;

  /** @param {HTMLElement} scroller @param {Looks<T>} looks */
  constructor(scroller, looks) {
    this.scroller = scroller;
    this.looks = looks;
    this.element = element("ul", { class: "windowed", "aria-label": looks.name });
    this.observer = new ResizeObserver(() => this.#request());
    for (const one of [this.element, scroller]) this.observer.observe(one);
    scroller.addEventListener("scroll", () => this.#request(), { passive: true });
    this.element.addEventListener("focusin", (event) => this.#follow(/** @type {Element} */ (event.target)));
  }

  /** @param {T[]} items */
  setItems(items) {
    const key = this.current && this.looks.keyOf(this.current);
    this.items = items;
    const found = key === null ? -1 : items.findIndex((one) => this.looks.keyOf(one) === key);
    this.at = found >= 0 ? found : Math.max(0, Math.min(this.at, items.length - 1));
    for (const item of items) this.#made.get(this.looks.keyOf(item))?.update?.(item);
    this.draw();
  }

  /** The item that keys act on. @returns {T|null} */
  get current() {
    return this.items[this.at] ?? null;
  }

  /** Rows that fit into view. */
  get page() {
    return Math.max(1, Math.floor(this.scroller.clientHeight / this.looks.rowHeight)) * this.columns;
  }

  /** Where a key leads from an item; null where it leads nowhere. @param {string} key */
  next(key) {
    const { at, columns, page } = this;
    const steps = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + columns,
      ArrowUp: at - columns,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.items.length - 1,
    };
    const wanted = steps[/** @type {keyof typeof steps} */ (key)];
    return wanted === undefined || !this.items.length ? null : Math.max(0, Math.min(this.items.length - 1, wanted));
  }

  /** Go to an item, and give it the focus. @param {number} at */
  goTo(at) {
    if (!this.items.length) return;
    this.at = Math.max(0, Math.min(this.items.length - 1, at));
    const top = Math.floor(this.at / this.columns) * this.looks.rowHeight + this.#offset();
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top - 8;
    else if (top + this.looks.rowHeight > scrollTop + clientHeight)
      this.scroller.scrollTop = top + this.looks.rowHeight - clientHeight + 8;
    this.draw();
    this.made(this.items[this.at])?.focus?.();
  }

  /** The element made for an item, if it is in view. @param {T} item */
  made(item) {
    return this.#made.get(this.looks.keyOf(item)) ?? null;
  }

  /** Make what is in view, and only that. */
  draw() {
    const { rowHeight, gap = 0, minWidth, keyOf } = this.looks;
    const width = this.element.clientWidth;
    if (!width || !this.element.isConnected) return;
    this.columns = minWidth ? Math.max(1, Math.floor((width + gap) / (minWidth + gap))) : 1;
    const rows = Math.ceil(this.items.length / this.columns);
    this.element.style.height = `${rows * rowHeight}px`;
    const view = { top: this.scroller.scrollTop - this.#offset(), height: this.scroller.clientHeight };
    const { first, last } = rowsInView(view, rows, rowHeight, 2);
    const seen = new Set();
    for (let at = first * this.columns; at < Math.min(last * this.columns, this.items.length); at += 1) {
      seen.add(keyOf(this.items[at]));
      this.#place(at, (width + gap) / this.columns, gap);
    }
    for (const [key, made] of this.#made) {
      if (seen.has(key) || (made.slot.contains(document.activeElement) && this.items.some((one) => keyOf(one) === key)))
        continue;
      made.destroy?.();
      made.slot.remove();
      this.#made.delete(key);
    }
    this.#rove();
  }

  destroy() {
    this.observer.disconnect();
    cancelAnimationFrame(this.#waiting);
    for (const made of this.#made.values()) made.destroy?.();
    this.element.remove();
  }

  /** @param {number} at @param {number} step pixels from column to column @param {number} gap */
  #place(at, step, gap) {
    const key = this.looks.keyOf(this.items[at]);
    let made = this.#made.get(key);
    if (!made) {
      made = this.looks.make(this.items[at]);
      made.slot = element("li", { class: "windowed__slot" }, made.element);
      this.#made.set(key, made);
      this.element.append(made.slot);
    }
    const { style } = made.slot;
    style.left = `${(at % this.columns) * step}px`;
    style.top = `${Math.floor(at / this.columns) * this.looks.rowHeight}px`;
    style.width = `${step - gap}px`;
    made.slot.setAttribute("aria-setsize", String(this.items.length));
    made.slot.setAttribute("aria-posinset", String(at + 1));
    made.slot.dataset.key = key;
  }

  /** @param {Element} focused */
  #follow(focused) {
    const key = focused.closest(".windowed__slot")?.getAttribute("data-key");
    const at = this.items.findIndex((one) => this.looks.keyOf(one) === key);
    if (at < 0 || at === this.at) return;
    this.at = at;
    this.#rove();
  }

  /** Let Tab reach what is in the current item, and nothing in the others. */
  #rove() {
    const current = this.current && this.looks.keyOf(this.current);
    for (const [key, { slot }] of this.#made) {
      const index = key === current ? 0 : -1;
      for (const node of slot.querySelectorAll("a, button, input, [tabindex]"))
        if (node.tabIndex !== index) node.tabIndex = index;
    }
  }

  /** Where the list begins in its scroller. */
  #offset() {
    const own = this.scroller.getBoundingClientRect();
    // boxes are in pixels of the window, scrollTop in zoomed ones
    const zoom = own.width / (this.scroller.offsetWidth || 1) || 1;
    return (this.element.getBoundingClientRect().top - own.top) / zoom + this.scroller.scrollTop;
  }

  #request() {
    this.#waiting ||= requestAnimationFrame(() => {
      this.#waiting = 0;
      this.draw();
    });
  }
}
