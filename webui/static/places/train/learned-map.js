// @ts-check
/**
 * The result of a training, to be seen and heard at once: the moments of its recordings, near where they sound alike.
 */
import { get, part } from "../../core/api.js";
import { momentSource } from "../../core/sources.js";
import { css } from "../../logic/colour.js";
import { colourBy } from "../../logic/map-colouring.js";
import { MapViewBox } from "../../logic/map-view-box.js";
import { MapSearch } from "../../logic/map-search.js";
import { CanvasSurface } from "../../parts/canvas-surface.js";
import { clamp } from "../../logic/numbers.js";
import { element } from "../../parts/element.js";
import { mapColours } from "../../parts/map-paint.js";
import { tokens } from "../../parts/theme.js";
import { tip } from "../../parts/tip.js";

const COLOURED_BY = "brightness";
const REACH = 40; // pixels from a moment that is heard
const HEARD_SECONDS = 1.2;

export class LearnedMap {
  #model = "";
  /** @type {{file: string, x: number, y: number}[]} */
  #moments = [];
  #search = new MapSearch([]);
  /** @type {number[]} */
  #shares = [];
  #near = -1;
  #box = new MapViewBox();

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this._app = app;
    this.surface = new CanvasSurface((context, size) => this.#paint(context, size), "learned__canvas");
    this.map = element(
      "div",
      {
        class: "learned__map",
        role: "img",
        "aria-label": "Map of what was learned",
        on: {
          pointermove: (event) => this.#point(event),
          pointerleave: () => this.#setNear(-1),
          click: (event) => this.#hear(event),
        },
      },
      this.surface.element,
    );
    tip(this.map, () => this.#moments[this.#near]?.file ?? []);
    this.element = element(
      "section",
      { class: "learned", "aria-label": "What it learned", hidden: true },
      element(
        "div",
        { class: "learned__head" },
        element("h2", { text: "What it learned" }),
        element("span", { class: "small", text: "Press to hear a moment" }),
      ),
      this.map,
    );
  }

  /** @param {string} model none hides it */
  async show(model) {
    if (model === this.#model) return;
    this.#model = model;
    this.element.hidden = true;
    if (!model) return;
    const found = await get(`/api/models/${part(model)}/map`).catch(() => null); // it may have been deleted since
    if (!found || model !== this.#model) return;
    this.#moments = found.moments;
    this.#search = new MapSearch(this.#moments);
    this.#shares = colourBy(found.moments, COLOURED_BY).shares;
    this.element.hidden = false;
    this.surface.request();
  }

  /** @param {MouseEvent} event */
  #point(event) {
    const { left, top, width } = this.map.getBoundingClientRect();
    const zoom = width / (this.map.offsetWidth || 1) || 1;
    const [x, y] = this.#box.toMap((event.clientX - left) / zoom, (event.clientY - top) / zoom);
    this.#setNear(this.#search.nearest(x, y, { scale: this.#box.scale, within: REACH }));
  }

  /** @param {number} near */
  #setNear(near) {
    if (near === this.#near) return;
    this.#near = near;
    this.map.style.cursor = near < 0 ? "" : "pointer";
    this.surface.request();
  }

  /** @param {MouseEvent} event */
  #hear(event) {
    this.#point(event);
    if (this.#near >= 0) this._app.exploring.audition(momentSource(this.#model, this.#near, HEARD_SECONDS));
  }

  /** @param {CanvasRenderingContext2D} context @param {{width: number, height: number}} size */
  #paint(context, { width, height }) {
    this.#box.resize(width, height);
    const colours = mapColours(this.map, "timbre");
    const radius = clamp(0.11 * Math.sqrt((width * height) / (this.#moments.length + 60)), 1.5, 5);
    this.#moments.forEach(({ x, y }, at) => {
      const [left, top] = this.#box.toScreen(x, y);
      context.beginPath();
      context.arc(left, top, at === this.#near ? radius + 2.5 : radius, 0, 2 * Math.PI);
      context.fillStyle =
        at === this.#near
          ? tokens(this.map, ["ink-1"])["ink-1"]
          : css(colours[Math.round(this.#shares[at] * (colours.length - 1))], 0.88);
      context.fill();
    });
  }
}
