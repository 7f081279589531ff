// @ts-check
/** The cells of a spectrogram as an image: levels 0 to 255 coloured by a table, kept until levels or colours change. */
import { colourTable } from "../logic/sound-colours.js";
import { themeOf, tokens } from "./theme.js";

const NOTHING_YET = 255; // loudest level while none has come: all is silent

export class LevelImage {
  #drawn = "";
  #dirty = [Infinity, 0]; // first column that is not on the canvas as it is now, and one past the last

  /**
   * @param {{columns: number, rows: number, cells?: Uint8Array, loudest?: number, db_per_step: number}} picture
   *     `cells` row by row, the lowest first
   */
  constructor({ columns, rows, cells = new Uint8Array(columns * rows), loudest = 0, db_per_step }) {
    this.columns = columns;
    this.rows = rows;
    this.cells = cells;
    this.loudest = loudest;
    this.dbPerStep = db_per_step;
    if (loudest) this.#dirty = [0, columns];
    this.canvas = document.createElement("canvas");
    this.canvas.width = columns;
    this.canvas.height = rows;
  }

  /**
   * Take columns as a spectrum stream gives them: column by column.
   * @param {number} first
   * @param {number} count
   * @param {Uint8Array} cells
   */
  write(first, count, cells) {
    for (let column = 0; column < count; column += 1) {
      for (let row = 0; row < this.rows; row += 1) {
        const level = cells[column * this.rows + row];
        if (level > this.loudest) this.loudest = level;
        this.cells[row * this.columns + first + column] = level;
      }
    }
    if (count) this.#dirty = [Math.min(this.#dirty[0], first), Math.max(this.#dirty[1], first + count)];
  }

  /** The image in the colours of a part of the page. @param {Element} node */
  paint(node) {
    const theme = themeOf(node);
    const { "picture-0": silence } = tokens(node, ["picture-0"]);
    const look = `${theme} ${silence} ${this.loudest}`;
    if (look !== this.#drawn) this.#dirty = [0, this.columns];
    this.#drawn = look;
    const [from, to] = this.#dirty;
    if (from < to)
      this.#colour(
        colourTable(theme, silence, { loudest: this.loudest || NOTHING_YET, db_per_step: this.dbPerStep }),
        from,
        to - from,
      );
    this.#dirty = [Infinity, 0];
    return this.canvas;
  }

  /** @param {Uint32Array} table @param {number} first column @param {number} count */
  #colour(table, first, count) {
    const image = new ImageData(count, this.rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = 0; row < this.rows; row += 1) {
      const from = row * this.columns + first;
      const to = (this.rows - 1 - row) * count;
      for (let column = 0; column < count; column += 1) pixels[to + column] = table[this.cells[from + column]];
    }
    this.canvas.getContext("2d")?.putImageData(image, first, 0);
  }
}
