// @ts-check
/** A list of rows with search, as presets, data sets and the trash have it: loaded, searched, walked with the keys. */
import { element } from "../../parts/element.js";
import { nothingFound } from "./empty.js";
import { Windowed } from "./windowed.js";

/**
 * @template T
 * @typedef {object} RowsLooks
 * @property {string} name of the list @property {string} one such as "preset" @property {number} rowHeight
 * @property {(item: T) => string} keyOf @property {() => HTMLElement} empty @property {(item: T) => any} make
 */

/** @template T */
export class Rows {
  /** @param {RowsLooks<T>} looks */
  constructor(looks) {
    this.looks = looks;
    this.scroller = element("div", { class: "library__scroller", tabindex: -1 });
    this.list = new Windowed(this.scroller, looks);
    this.list.element.classList.add("rows");
    this.message = element("div", { class: "library__message" });
    this.scroller.append(this.list.element, this.message);
  }

  /** @param {T[]} items @param {string} words that were searched for */
  show(items, words) {
    this.list.setItems(items);
    this.list.element.hidden = !items.length;
    this.message.replaceChildren(
      ...(items.length ? [] : [words ? nothingFound(this.looks.one, words) : this.looks.empty()]),
    );
  }

  /** Lead on with an arrow key; false where the key does something else. @param {string} key */
  move(key) {
    const at = this.list.next(key);
    if (at === null) return false;
    this.list.goTo(this.hasFocus || key.length < 5 ? at : this.list.at);
    return true;
  }

  get hasFocus() {
    return this.list.element.contains(document.activeElement);
  }

  focus() {
    this.list.goTo(this.list.at);
  }
}
