// @ts-check
/**
 * The outputs, newest first. Only those in view exist. One row is active: arrows move it, Enter plays it, A and B keep
 * it, Delete deletes it.
 */
import { nextRow, rowsInView } from "../../../logic/row-window.js";
import { element } from "../../../parts/element.js";
import { EntryRow } from "./entry-row.js";

const ROW = 44; // pixels, as in side.css

/** @typedef {Record<string, any>} Entry */
/**
 * @typedef {object} ListActions
 * @property {(entry: Entry) => Omit<import("./entry-row.js").RowState, "active">} stateOf
 * @property {(key: string, entry: Entry) => boolean} onKey whether it took the key
 */

export class EntryList {
  /** @type {Map<string, EntryRow>} */
  #rows = new Map();
  #active = 0;
  #waiting = 0;
  #isAwaited = false; // the active row is to have the focus once it is there

  /**
   * @param {import("./history-store.js").HistoryStore} store
   * @param {import("./entry-row.js").RowActions & ListActions} actions
   */
  constructor(store, actions) {
    this.store = store;
    this.actions = actions;
    this.list = element("ul", {
      class: "entries__list",
      tabindex: -1,
      "aria-label": "History",
      on: { keydown: (event) => this.#key(event) },
    });
    this.element = element("div", { class: "entries", on: { scroll: () => this.request() } }, this.list);
    this.list.addEventListener("focusin", (event) => this.#follow(/** @type {Element} */ (event.target)));
    store.addEventListener("change", (event) => this.#change(/** @type {CustomEvent} */ (event).detail));
    new ResizeObserver(() => this.request()).observe(this.element);
  }

  /** Draw at the next frame. */
  request() {
    this.#waiting ||= requestAnimationFrame(() => {
      this.#waiting = 0;
      this.draw();
    });
  }

  /** Bring the active row into focus. */
  focus() {
    this.#goTo(Math.min(this.#active, this.store.count - 1));
  }

  /** @param {string} id @param {number|null} seconds */
  setPlayhead(id, seconds) {
    this.#rows.get(id)?.setPlayhead(seconds);
  }

  draw() {
    const { store } = this;
    const { count, hasMore } = store;
    this.list.style.height = `${(count + (hasMore && store.isLoaded ? 1 : 0)) * ROW}px`;
    const { scrollTop, clientHeight } = this.element;
    // before its style counts, the list is as high as it is long
    const height = Math.min(clientHeight, window.innerHeight);
    const { first, last } = rowsInView({ top: scrollTop, height }, count, ROW);
    store.look(first, hasMore && last === count ? last : last - 1);
    const shown = new Set();
    let before = /** @type {Element|null} */ (null);
    for (let at = first; at < last; at++) {
      const entry = store.entryAt(at);
      if (!entry) continue;
      shown.add(entry.id);
      const row = this.#rows.get(entry.id) ?? this.#add(entry);
      this.#show(row, entry, at);
      const next = before ? before.nextElementSibling : this.list.firstElementChild;
      if (row.element !== next) this.list.insertBefore(row.element, next);
      before = row.element;
    }
    for (const [id, row] of this.#rows) {
      if (shown.has(id) || (store.indexOf(id) >= 0 && row.element.contains(document.activeElement))) continue;
      row.destroy();
      this.#rows.delete(id);
    }
    if (this.#isAwaited) this.#focusActive();
  }

  /** @param {EntryRow} row @param {Entry} entry @param {number} at */
  #show(row, entry, at) {
    row.show(entry, { ...this.actions.stateOf(entry), active: at === this.#active });
    row.element.style.transform = `translateY(${at * ROW}px)`;
    row.element.setAttribute("aria-posinset", String(at + 1));
    row.element.setAttribute("aria-setsize", String(this.store.hasMore ? -1 : this.store.count));
  }

  /** @param {Entry} entry */
  #add(entry) {
    const row = new EntryRow(entry, this.actions);
    this.#rows.set(entry.id, row);
    return row;
  }

  /** Keep in place what is looked at when rows come in above. @param {number} above */
  #change(above) {
    if (above && this.element.scrollTop > 0) this.element.scrollTop += above * ROW;
    const focused = [...this.#rows.values()].find((row) => row.element.contains(document.activeElement));
    const at = focused ? this.store.indexOf(focused.entry.id) : -1;
    if (at >= 0) this.#active = at;
    this.#active = Math.max(0, Math.min(this.#active, this.store.count - 1));
    this.draw();
    if (focused && at < 0) this.focus();
  }

  /** @param {Element} target */
  #follow(target) {
    const row = [...this.#rows.values()].find((one) => one.element.contains(target));
    if (row) this.#isAwaited = false;
    const at = row ? this.store.indexOf(row.entry.id) : -1;
    if (at < 0 || at === this.#active) return;
    this.#active = at;
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const entry = this.store.entryAt(this.#active);
    const isOnRow = event.target instanceof HTMLLIElement;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 1);
    const next = nextRow(event.key, this.#active, this.store.count, page);
    if (next !== null) this.#goTo(next);
    else if (!entry || (event.key === "Enter" && !isOnRow) || !this.actions.onKey(event.key, entry)) return;
    event.preventDefault();
  }

  /** @param {number} at */
  #goTo(at) {
    if (at < 0) return;
    this.#active = at;
    const { element: view } = this;
    if (at * ROW < view.scrollTop) view.scrollTop = at * ROW;
    else if ((at + 1) * ROW > view.scrollTop + view.clientHeight) view.scrollTop = (at + 1) * ROW - view.clientHeight;
    this.#isAwaited = true;
    this.draw();
    if (this.#isAwaited) this.list.focus({ preventScroll: true });
  }

  #focusActive() {
    const entry = this.store.entryAt(this.#active);
    const row = entry && this.#rows.get(entry.id);
    if (!row) return;
    this.#isAwaited = false;
    row.element.focus({ preventScroll: true });
  }
}
