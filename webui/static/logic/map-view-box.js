// @ts-check
/** The part of a map that is in view, and where its places lie on the screen. A map goes from −1 to 1 each way. Pure. */
import { clamp } from "./numbers.js";

const MOST = 24; // times

export class MapViewBox {
  constructor() {
    this.zoom = 1;
    this.x = 0; // place in the middle of the view
    this.y = 0;
    this.width = 1;
    this.height = 1;
    this.margin = 28;
  }

  /** @param {number} width @param {number} height in pixels */
  resize(width, height) {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.margin = Math.min(36, width / 8, height / 8);
  }

  /** Pixels of one unit of the map, each way. */
  get scale() {
    return [(this.zoom * (this.width - 2 * this.margin)) / 2, (this.zoom * (this.height - 2 * this.margin)) / 2];
  }

  /** @param {number} x @param {number} y @returns {[number, number]} pixels from the upper left corner */
  toScreen(x, y) {
    const [across, up] = this.scale;
    return [this.width / 2 + (x - this.x) * across, this.height / 2 - (y - this.y) * up];
  }

  /** @param {number} left @param {number} top in pixels @returns {[number, number]} a place, also beyond the edge */
  toMap(left, top) {
    const [across, up] = this.scale;
    return [this.x + (left - this.width / 2) / across, this.y - (top - this.height / 2) / up];
  }

  /**
   * Zoom so that the place under a pixel stays there.
   * @param {number} factor
   * @param {number} left
   * @param {number} top
   */
  zoomAt(factor, left, top) {
    const [x, y] = this.toMap(left, top);
    this.zoom = clamp(this.zoom * factor, 1, MOST);
    const [nowX, nowY] = this.toMap(left, top);
    this.#look(this.x + x - nowX, this.y + y - nowY);
  }

  /** @param {number} across pixels @param {number} down */
  pan(across, down) {
    const [sx, sy] = this.scale;
    this.#look(this.x - across / sx, this.y + down / sy);
  }

  /**
   * Bring a place into view where it is not.
   * @param {number} x
   * @param {number} y
   * @returns {boolean} whether it moved
   */
  reveal(x, y) {
    const [left, top] = this.toScreen(x, y);
    const inside = left >= 8 && top >= 8 && left <= this.width - 8 && top <= this.height - 8;
    if (!inside) this.#look(x, y);
    return !inside;
  }

  reset() {
    this.zoom = 1;
    this.#look(0, 0);
  }

  /** @param {number} x @param {number} y */
  #look(x, y) {
    const room = 1 - 1 / this.zoom;
    this.x = clamp(x, -room, room);
    this.y = clamp(y, -room, room);
  }
}
