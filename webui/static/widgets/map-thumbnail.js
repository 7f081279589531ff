// @ts-check
/** A map as small as a stamp: its moments as dots in the hue of a group, for the card of a model. */
import { css } from "../logic/colour.js";
import { MapViewBox } from "../logic/map-view-box.js";
import { clamp } from "../logic/numbers.js";
import { CanvasSurface } from "../parts/canvas-surface.js";
import { element } from "../parts/element.js";
import { mapColours } from "../parts/map-paint.js";

export class MapThumbnail {
  /**
   * @param {{name: string, group?: string, places?: number[][]}} options `places`: x, y, and the share 0 to 1 it is
   *     coloured by
   */
  constructor({ name, group = "timbre", places = [] }) {
    this.places = places;
    this.group = group;
    this.box = new MapViewBox();
    this.surface = new CanvasSurface((context, size) => this.#paint(context, size), "map-thumbnail__canvas");
    this.element = element(
      "div",
      { class: "map-thumbnail", role: "img", "aria-label": `Map of ${name}` },
      this.surface.element,
    );
  }

  /** @param {number[][]} places */
  setPlaces(places) {
    this.places = places;
    this.surface.request();
  }

  destroy() {
    this.surface.destroy();
    this.element.remove();
  }

  /** @param {CanvasRenderingContext2D} context @param {{width: number, height: number}} size */
  #paint(context, { width, height }) {
    this.box.resize(width, height);
    const colours = mapColours(this.element, this.group);
    const radius = clamp(24 / Math.sqrt(this.places.length + 40), 0.9, 2.5);
    for (const [x, y, share = 0.5] of this.places) {
      const [left, top] = this.box.toScreen(x, y);
      context.fillStyle = css(colours[Math.round(clamp(share, 0, 1) * (colours.length - 1))]);
      context.beginPath();
      context.arc(left, top, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
