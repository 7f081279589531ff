// @ts-check
/** The head of the table: a press sorts by a column, and once more the other way; the box takes all in, or none. */
import { element } from "../../parts/element.js";
import { icon, setIcon } from "../../parts/icon.js";
import { Checkbox } from "../../widgets/checkbox.js";

/** @typedef {import("../../logic/recordings.js").Column} Column */
/** @typedef {{column: Column, ascending: boolean}} Sort */

/** @type {[Column|null, string][]} */
const COLUMNS = [
  [null, ""],
  [null, "Play"],
  ["name", "Name"],
  [null, "Picture"],
  ["seconds", "Length"],
  ["level", "Level"],
  ["notes", "Notes"],
];
const FALLING_FIRST = ["seconds", "level", "notes"]; // the longest, the loudest, the most

export class TableHead {
  /** @type {Sort} */
  sort = { column: "name", ascending: true };

  /** @param {{onSort: (sort: Sort) => void, onIncludeAll: (included: boolean) => void}} actions */
  constructor({ onSort, onIncludeAll }) {
    this.all = new Checkbox({ name: "All recordings", shown: false, onCommit: onIncludeAll });
    this.cells = COLUMNS.map(([column, text], at) => {
      const inner =
        at === 0
          ? this.all.element
          : column
            ? this.#button(column, text, onSort)
            : element("span", { class: "unseen", text });
      return element("div", { class: "recordings__cell", role: "columnheader" }, inner);
    });
    this.element = element(
      "div",
      { class: "recordings__head", role: "rowgroup" },
      element("div", { class: "recordings__columns", role: "row", "aria-rowindex": 1 }, ...this.cells),
    );
    this.#show();
  }

  /** @param {boolean[]} included */
  setIncluded(included) {
    const some = included.filter(Boolean).length;
    this.all.setChecked(some === included.length && some > 0 ? true : some ? "some" : false);
  }

  /** @param {Column} column @param {string} text @param {(sort: Sort) => void} onSort */
  #button(column, text, onSort) {
    return element(
      "button",
      {
        type: "button",
        class: "recordings__sort",
        on: {
          click: () => {
            const again = this.sort.column === column;
            this.sort = { column, ascending: again ? !this.sort.ascending : !FALLING_FIRST.includes(column) };
            this.#show();
            onSort(this.sort);
          },
        },
      },
      element("span", { text }),
      icon("chevron-up"),
    );
  }

  #show() {
    COLUMNS.forEach(([column], at) => {
      if (!column) return;
      const isIt = column === this.sort.column;
      const { ascending } = this.sort;
      this.cells[at].setAttribute("aria-sort", isIt ? (ascending ? "ascending" : "descending") : "none");
      const drawn = this.cells[at].querySelector("svg");
      if (drawn) setIcon(drawn, ascending || !isIt ? "chevron-up" : "chevron-down");
    });
  }
}
