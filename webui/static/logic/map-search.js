// @ts-check
/** Finds moments on a map: the nearest to a place, and the next in a direction. A grid keeps it quick. Pure. */

/** @typedef {{x: number, y: number}} Place */
/** @typedef {"left"|"right"|"up"|"down"} Direction */

const PER_CELL = 4; // moments of a cell, on average

export class MapSearch {
  /** @param {Place[]} places between −1 and 1 each way */
  constructor(places) {
    this.places = places;
    this.side = Math.max(1, Math.min(128, Math.floor(Math.sqrt(places.length / PER_CELL))));
    /** @type {number[][]} */
    this.cells = Array.from({ length: this.side * this.side }, () => []);
    places.forEach(({ x, y }, index) => this.cells[this.#cell(x) + this.side * this.#cell(y)].push(index));
  }

  /**
   * The nearest moment, in rings of cells outwards until no ring can hold a nearer one.
   * @param {number} x @param {number} y
   * @param {{scale?: number[], within?: number}} [options] `scale` of each way, pixels for instance; `within` that unit
   * @returns {number} its index, −1 where there is none within reach
   */
  nearest(x, y, { scale = [1, 1], within = Infinity } = {}) {
    const [column, row] = [this.#cell(x), this.#cell(y)];
    const width = (2 / this.side) * Math.min(...scale);
    let [best, reach] = [-1, within];
    for (let ring = 0; ring < this.side && (ring - 1) * width <= reach; ring += 1) {
      for (const index of this.#ring(column, row, ring)) {
        const away = Math.hypot((this.places[index].x - x) * scale[0], (this.places[index].y - y) * scale[1]);
        if (away <= reach) [best, reach] = [index, away];
      }
    }
    return best;
  }

  /**
   * The neighbour of a moment in a direction: the nearest within 45° either side; aside counts double.
   * @param {number} from index @param {Direction} direction
   * @returns {number} its index, or `from` where there is none
   */
  neighbour(from, direction) {
    const upright = direction === "up" || direction === "down";
    const sign = direction === "right" || direction === "up" ? 1 : -1;
    const here = this.places[from];
    let [best, least] = [from, Infinity];
    this.places.forEach(({ x, y }, index) => {
      const ahead = sign * (upright ? y - here.y : x - here.x);
      const aside = Math.abs(upright ? x - here.x : y - here.y);
      if (index === from || ahead <= 1e-6 || aside > ahead) return;
      const cost = ahead + 2 * aside;
      if (cost < least) [best, least] = [index, cost];
    });
    return best;
  }

  /** @param {number} coordinate */
  #cell(coordinate) {
    return Math.min(this.side - 1, Math.max(0, Math.floor(((coordinate + 1) / 2) * this.side)));
  }

  /** @param {number} column @param {number} row @param {number} ring */
  *#ring(column, row, ring) {
    for (let y = row - ring; y <= row + ring; y += 1) {
      const whole = Math.abs(y - row) === ring;
      for (let x = column - ring; x <= column + ring; x += whole ? 1 : 2 * ring || 1) {
        if (x >= 0 && y >= 0 && x < this.side && y < this.side) yield* this.cells[x + this.side * y];
      }
    }
  }
}
