// @ts-check
/**
 * The recordings of a set as a table. Only rows in view exist. One row is current: arrows move it, Space plays it, X
 * takes it in or out, Delete removes it.
 */
import { nextRow, rowsInView } from "../../logic/row-window.js";
import { element } from "../../parts/element.js";
import { RecordingRow } from "./row.js";
import { TableHead } from "./table-head.js";

/** @typedef {import("./row.js").RowData} RowData */
/** @typedef {import("../../logic/recordings.js").Recording} Recording */
/**
 * @typedef {object} MoreActions
 * @property {(recording: Recording) => void} onRemove
 * @property {(sort: import("./table-head.js").Sort) => void} onSort
 * @property {(included: boolean) => void} onIncludeAll
 */
/** @typedef {import("./row.js").RowActions & MoreActions} TableActions */

const ROW = 40; // pixels, as in collect.css

export class RecordingTable {
  /** @type {RowData[]} */
  #data = [];
  /** @type {Map<string, RecordingRow>} */
  #rows = new Map();
  /** @type {string|null} */
  #current = null;
  /** @type {string|null} */
  #playing = null;
  #waiting = 0;

  /** @param {TableActions} actions */
  constructor(actions) {
    this.actions = { ...actions, onChoose: (/** @type {Recording} */ one) => this.#setCurrent(one.id) };
    this.head = new TableHead({ onSort: actions.onSort, onIncludeAll: actions.onIncludeAll });
    this.body = element("div", { class: "recordings__body", role: "rowgroup" });
    this.element = element(
      "div",
      { class: "recordings", role: "table", "aria-label": "Recordings", on: { keydown: (event) => this.#key(event) } },
      this.head.element,
      this.body,
    );
    this.scrolled = () => this.#request();
    document.addEventListener("scroll", this.scrolled, { capture: true, passive: true });
    new ResizeObserver(() => this.#request()).observe(this.element);
  }

  /** @param {RowData[]} data in the order in which they are shown */
  setData(data) {
    this.#data = data;
    this.body.style.height = `${data.length * ROW}px`;
    this.element.setAttribute("aria-rowcount", String(data.length + 1));
    this.head.setIncluded(data.map(({ recording }) => recording.included));
    if (!data.some(({ recording }) => recording.id === this.#current)) this.#current = data[0]?.recording.id ?? null;
    this.#render();
  }

  /** The row that keys act on. @returns {Recording|null} */
  get current() {
    return this.#data.find(({ recording }) => recording.id === this.#current)?.recording ?? null;
  }

  /** @param {string|null} recording that is heard */
  setPlaying(recording) {
    this.#playing = recording;
    this.#showStates();
  }

  /** @param {string} recording @param {number|null} seconds */
  setPlayhead(recording, seconds) {
    this.#rows.get(recording)?.setPlayhead(seconds);
  }

  /** Scroll to the first row. */
  showTop() {
    const scroller = findScroller(this.element);
    scroller.scrollTop += Math.min(0, this.element.getBoundingClientRect().top - scroller.getBoundingClientRect().top);
  }

  /** Make a recording current, and bring it into view. @param {string} recording @param {boolean} [focus] */
  reveal(recording, focus = true) {
    const at = this.#data.findIndex((one) => one.recording.id === recording);
    if (at < 0) return;
    this.#setCurrent(recording);
    this.#render();
    const row = this.#rows.get(recording);
    row?.element.scrollIntoView({ block: "nearest" });
    if (focus) row?.element.focus({ preventScroll: true });
  }

  /** Move the current row as a key says; false for a key that moves nothing. @param {string} key */
  move(key) {
    const at = this.#data.findIndex(({ recording }) => recording.id === this.#current);
    const to = nextRow(key, at, this.#data.length, 10);
    if (to === null) return false;
    const { recording } = this.#data[to];
    this.reveal(recording.id);
    if (this.#playing && to !== at) this.actions.onPlay(recording);
    return true;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { current } = this;
    if (!current || event.ctrlKey || event.metaKey || event.altKey) return;
    const onControl = event.target instanceof Element && event.target.closest("button, input, [role=columnheader]");
    if (!this.move(event.key)) {
      if ((event.key === " " || event.key === "Enter") && !onControl) this.actions.onPlay(current);
      else if (event.key === "x" || event.key === "X") this.actions.onInclude(current, !current.included);
      else if (event.key === "Delete") this.actions.onRemove(current);
      else return;
    }
    event.preventDefault();
  }

  /** @param {string} recording */
  #setCurrent(recording) {
    this.#current = recording;
    this.#showStates();
  }

  #request() {
    this.#waiting ||= requestAnimationFrame(() => {
      this.#waiting = 0;
      if (this.element.isConnected) this.#render();
    });
  }

  /** Make the rows that are in view, and forget the others; the current one stays while it has the focus. */
  #render() {
    const { first, last } = this.#inView();
    const shown = new Map(
      this.#data.slice(first, last).map((data, at) => [data.recording.id, { data, at: first + at }]),
    );
    const at = this.#data.findIndex(({ recording }) => recording.id === this.#current);
    if (at >= 0) shown.set(this.#data[at].recording.id, { data: this.#data[at], at });
    for (const [id, row] of this.#rows) {
      if (shown.has(id)) continue;
      row.destroy();
      this.#rows.delete(id);
    }
    for (const [id, { data, at: place }] of shown) this.#put(id, data, place);
    this.#showStates();
  }

  /** @param {string} id @param {RowData} data @param {number} at */
  #put(id, data, at) {
    const known = this.#rows.get(id);
    const row = known ?? new RecordingRow(data, this.actions);
    if (known && known.data !== data) known.update(data);
    if (!known) {
      this.#rows.set(id, row);
      this.body.append(row.element);
    }
    row.element.style.top = `${at * ROW}px`;
    row.element.setAttribute("aria-rowindex", String(at + 2));
  }

  #showStates() {
    for (const [id, row] of this.#rows) row.setState({ current: id === this.#current, playing: id === this.#playing });
  }

  #inView() {
    const [own, view] = [this.body.getBoundingClientRect(), findScroller(this.element).getBoundingClientRect()];
    const zoom = own.width / (this.body.offsetWidth || 1) || 1; // boxes are in pixels of the window
    return rowsInView(
      { top: (view.top - own.top) / zoom, height: Math.min(view.height, window.innerHeight) / zoom },
      this.#data.length,
      ROW,
    );
  }
}

/**
 * The part of the page that scrolls a node; which one it is depends on the width of the window.
 * @param {Element} node
 */
function findScroller(node) {
  for (let found = node.parentElement; found; found = found.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(found).overflowY)) return found;
  }
  return document.documentElement;
}
