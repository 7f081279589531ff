// @ts-check
/** How much of all sound each recording is: one bar each, in the order of the table; a press shows the recording. */
import { showLength } from "../../logic/time-axis.js";
import { CanvasSurface } from "../../parts/canvas-surface.js";
import { element } from "../../parts/element.js";
import { tip } from "../../parts/tip.js";
import { tokens } from "../../parts/theme.js";

/** @typedef {{id: string, name: string, share: number, seconds: number}} Bar */

const DOMINANT = 3; // times an even share; from there on a recording is marked
const WIDEST = 20; // pixels

export class Balance {
  /** @type {Bar[]} */
  #bars = [];
  /** @type {string|null} */
  #marked = null;
  #pointed = -1;

  /** @param {{onChoose: (recording: string) => void}} actions */
  constructor({ onChoose }) {
    this.surface = new CanvasSurface((context, view) => this.#paint(context, view), "balance__canvas");
    this.words = element("p", { class: "small" });
    this.figure = element(
      "div",
      {
        class: "balance__figure",
        role: "img",
        on: {
          pointermove: (event) => this.#point(event),
          pointerleave: () => this.#setPointed(-1),
          click: (event) => {
            this.#point(event);
            if (this.#bars[this.#pointed]) onChoose(this.#bars[this.#pointed].id);
          },
        },
      },
      this.surface.element,
    );
    this.element = element(
      "section",
      { class: "panel balance", "aria-label": "In balance" },
      element("div", { class: "panel__head" }, element("h2", { text: "In balance" })),
      element("div", { class: "panel__body stack" }, this.figure, this.words),
    );
    tip(this.figure, () => this.#tell(this.#bars[this.#pointed]));
  }

  /** @param {Bar[]} bars */
  show(bars) {
    this.#bars = bars;
    this.element.hidden = bars.length < 2;
    const longest = bars.reduce(
      (most, bar) => (bar.share > most.share ? bar : most),
      bars[0] ?? { id: "", name: "", share: 0, seconds: 0 },
    );
    this.figure.setAttribute(
      "aria-label",
      `Share of each recording. The longest, ${longest.name}, is ${percent(longest.share)} of all sound.`,
    );
    this.words.textContent =
      longest.share > DOMINANT / bars.length
        ? `${longest.name} is ${percent(longest.share)} of all sound`
        : "Share of each recording";
    this.surface.request();
  }

  /** Mark the bar of a recording: the current one. @param {string|null} recording */
  mark(recording) {
    this.#marked = recording;
    this.surface.request();
  }

  /** @param {Bar|undefined} bar */
  #tell(bar) {
    return bar ? [`${bar.name}: ${showLength(bar.seconds)}, ${percent(bar.share)} of all sound.`] : [];
  }

  /** @param {PointerEvent|MouseEvent} event */
  #point(event) {
    const { left, width } = this.figure.getBoundingClientRect();
    const step = this.#step(width);
    this.#setPointed(Math.floor((event.clientX - left) / step));
  }

  /** @param {number} at */
  #setPointed(at) {
    if (at === this.#pointed) return;
    this.#pointed = at;
    this.figure.style.cursor = this.#bars[at] ? "pointer" : "";
    this.surface.request();
  }

  /** @param {number} width */
  #step(width) {
    return Math.min(WIDEST, width / Math.max(1, this.#bars.length));
  }

  /** @param {CanvasRenderingContext2D} context @param {{width: number, height: number}} view */
  #paint(context, { width, height }) {
    const look = tokens(this.surface.element, ["ink-3", "accent", "ink-1"]);
    const step = this.#step(width);
    const most = Math.max(...this.#bars.map(({ share }) => share), 1e-9);
    this.#bars.forEach(({ id, share }, at) => {
      const tall = Math.max(2, (height * share) / most);
      const marked = id === this.#marked || at === this.#pointed;
      const isDominant = share > DOMINANT / this.#bars.length;
      context.fillStyle = isDominant ? look.accent : marked ? look["ink-1"] : look["ink-3"];
      context.globalAlpha = marked || isDominant ? 1 : 0.5;
      context.fillRect(at * step, height - tall, Math.max(1, step - Math.min(4, step * 0.3)), tall);
    });
  }
}

/** @param {number} share */
const percent = (share) => `${share < 0.1 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;
