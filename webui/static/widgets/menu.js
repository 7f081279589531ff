// @ts-check
/** A menu that a button opens: arrows choose, letters jump, Enter does it, Escape and a press elsewhere close it. */
import { element } from "../parts/element.js";
import { float, sink } from "../parts/floating.js";
import { icon } from "../parts/icon.js";

/**
 * @typedef {object} Item
 * @property {string} text
 * @property {string} [icon]
 * @property {string} [key] the key that does the same, shown at the end
 * @property {boolean} [danger] @property {boolean} [disabled] @property {boolean} [divided] a line stands before it
 * @property {() => void} [onPress]
 */
export class Menu {
  /** @type {HTMLElement|null} */
  #open = null;
  #abort = new AbortController();

  /**
   * @param {HTMLButtonElement} button that opens it
   * @param {() => Item[]} items asked each time it opens
   */
  constructor(button, items) {
    this.button = button;
    this.items = items;
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (this.#open ? this.close() : this.open()));
    button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" || this.#open) return;
      event.preventDefault();
      this.open();
    });
  }

  open() {
    this.#open = element(
      "div",
      {
        class: "menu",
        role: "menu",
        "aria-label": this.button.getAttribute("aria-label") ?? this.button.textContent ?? "",
        on: { keydown: (event) => this.#key(event) },
      },
      ...this.items().map((item) => this.#row(item)),
    );
    float(this.#open, this.button, { preferred: "below", align: "end" });
    this.button.setAttribute("aria-expanded", "true");
    this.#abort = new AbortController();
    const outside = (/** @type {Event} */ event) => {
      const target = /** @type {Node} */ (event.target);
      if (!this.#open?.contains(target) && !this.button.contains(target)) this.close(false);
    };
    for (const name of ["pointerdown", "focusin"])
      addEventListener(name, outside, { capture: true, signal: this.#abort.signal });
    this.#rows()[0]?.focus();
  }

  /** @param {boolean} [back] whether the button gets the focus back */
  close(back = true) {
    if (!this.#open) return;
    this.#abort.abort();
    sink(this.#open);
    this.#open = null;
    this.button.setAttribute("aria-expanded", "false");
    if (back) this.button.focus();
  }

  /** @returns {HTMLButtonElement[]} */
  #rows() {
    return [...(this.#open?.querySelectorAll("button") ?? [])].filter((row) => !row.disabled);
  }

  /** @param {Item} item */
  #row({ text, icon: symbol, key, danger, disabled, divided, onPress }) {
    return element(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabindex: -1,
        disabled,
        data: { divided: divided ? "" : undefined },
        class: `menu__item ${danger ? "menu__item--danger" : ""}`,
        on: {
          click: () => {
            this.close();
            onPress?.();
          },
          pointerenter: (event) => event.currentTarget.focus(),
        },
      },
      symbol ? icon(symbol) : element("span", { class: "menu__gap" }),
      element("span", { text }),
      key && element("kbd", { text: key }),
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const rows = this.#rows();
    const at = rows.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const letter =
      event.key.length === 1 &&
      rows.find((row, place) => place > at && row.textContent?.toLowerCase().startsWith(event.key.toLowerCase()));
    /** @type {Record<string, HTMLButtonElement | undefined>} */
    const next = { ArrowDown: rows[(at + 1) % rows.length], ArrowUp: rows.at(at - 1), Home: rows[0], End: rows.at(-1) };
    if (event.key === "Escape" || event.key === "Tab") this.close();
    else if (next[event.key] ?? letter) (next[event.key] || letter || undefined)?.focus();
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  }
}
