// @ts-check
/**
 * The spectrogram and waveform of a sound while it arrives, in the form that the server's pictures have. Pure.
 *
 * Rows rise logarithmically from LOW_HZ to HIGH_HZ, row 0 the lowest. Long windows hear the low rows, short ones the
 * high rows; between CROSS_HZ both are mixed, so that tones are narrow below and onsets are sharp above.
 */
import { Fft } from "./fft.js";

export const LOW_HZ = 40;
export const HIGH_HZ = 18_000;
export const FLOOR_DB = -120; // level 0; level 255 is 0 dB of full scale
export const DB_PER_STEP = -FLOOR_DB / 255;

const LONG = 4096;
const SHORT = 1024;
const CROSS_HZ = [500, 2000];

/** The middle of a row in Hz. @param {number} row @param {number} rows */
export const rowHertz = (row, rows) => LOW_HZ * (HIGH_HZ / LOW_HZ) ** ((row + 0.5) / rows);

/**
 * Where a frequency lies, 0 at the lowest and 1 at the highest.
 * @param {number} hertz
 * @param {number} [low]
 * @param {number} [high]
 */
export const heightOf = (hertz, low = LOW_HZ, high = HIGH_HZ) => Math.log(hertz / low) / Math.log(high / low);

export class SpectrumStream {
  /**
   * @param {{samples: number, sample_rate: number, columns: number, rows: number}} sound `samples` of the whole sound
   */
  constructor({ samples, sample_rate, columns, rows }) {
    this.columns = columns;
    this.rows = rows;
    this.hop = samples / columns;
    this.long = new Fft(LONG);
    this.short = new Fft(SHORT);
    this.powers = [new Float32Array(LONG / 2), new Float32Array(SHORT / 2)];
    this.bands = Array.from({ length: rows }, (_, row) => band(row, rows, sample_rate));
    this.buffer = new Float32Array(LONG * 4); // begins half a window before the first sample
    this.filled = LONG / 2;
    this.first = -LONG / 2; // sample at the beginning of the buffer
    this.next = 0; // column
  }

  /**
   * Take samples of one channel, and return the columns that are complete by them.
   * @param {Float32Array} samples
   * @returns {{first: number, count: number, cells: Uint8Array, pairs: Int16Array}} cells column by column; pairs of
   *     lowest and highest sample per column, as 16-bit numbers
   */
  push(samples) {
    this.#append(samples);
    const last = this.first + this.filled - LONG / 2;
    return this.#take(Math.min(this.columns, Math.floor(last / this.hop)));
  }

  /** The columns that are left at the end of the sound. */
  end() {
    this.#append(new Float32Array(LONG));
    return this.#take(this.columns);
  }

  /** @param {Float32Array} samples */
  #append(samples) {
    const needed = this.filled + samples.length;
    if (needed > this.buffer.length) {
      const grown = new Float32Array(2 * needed);
      grown.set(this.buffer.subarray(0, this.filled));
      this.buffer = grown;
    }
    this.buffer.set(samples, this.filled);
    this.filled = needed;
  }

  /** @param {number} until column */
  #take(until) {
    const first = this.next;
    const count = Math.max(0, until - first);
    const cells = new Uint8Array(count * this.rows);
    const pairs = new Int16Array(2 * count);
    for (let column = 0; column < count; column += 1) this.#column(first + column, column, cells, pairs);
    this.next = first + count;
    this.#forget();
    return { first, count, cells, pairs };
  }

  /** @param {number} column @param {number} place @param {Uint8Array} cells @param {Int16Array} pairs */
  #column(column, place, cells, pairs) {
    const middle = Math.round((column + 0.5) * this.hop) - this.first;
    this.long.power(this.buffer, Math.max(0, middle - LONG / 2), this.powers[0]);
    this.short.power(this.buffer, Math.max(0, middle - SHORT / 2), this.powers[1]);
    for (let row = 0; row < this.rows; row += 1) {
      const { share, places } = this.bands[row];
      const power = (1 - share) * strength(this.powers[0], places[0]) + share * strength(this.powers[1], places[1]);
      const level = (10 * Math.log10(power + 1e-13) - FLOOR_DB) / DB_PER_STEP;
      cells[place * this.rows + row] = Math.min(255, Math.max(0, Math.round(level)));
    }
    const [from, to] = [Math.round(column * this.hop), Math.round((column + 1) * this.hop)];
    let [low, high] = [1, -1];
    for (let at = Math.max(0, from - this.first); at < Math.min(this.filled, to - this.first); at += 1) {
      if (this.buffer[at] < low) low = this.buffer[at];
      if (this.buffer[at] > high) high = this.buffer[at];
    }
    pairs[2 * place] = Math.max(-32768, Math.round((low > high ? 0 : low) * 32767));
    pairs[2 * place + 1] = Math.min(32767, Math.round((low > high ? 0 : high) * 32767));
  }

  /** Let go of samples that no later column needs. */
  #forget() {
    const needed = Math.floor(this.next * this.hop) - LONG / 2 - this.first;
    if (needed < LONG) return;
    this.buffer.copyWithin(0, needed, this.filled);
    this.filled -= needed;
    this.first += needed;
  }
}

/** @param {number} row @param {number} rows @param {number} sample_rate */
function band(row, rows, sample_rate) {
  const [low, high] = [rowHertz(row - 0.5, rows), rowHertz(row + 0.5, rows)];
  const middle = Math.log(rowHertz(row, rows) / CROSS_HZ[0]) / Math.log(CROSS_HZ[1] / CROSS_HZ[0]);
  const places = [LONG, SHORT].map((size) => [(low * size) / sample_rate, (high * size) / sample_rate]);
  return { share: Math.min(1, Math.max(0, middle)), places };
}

/**
 * The strongest power between two places on the axis of bins; between bins it is interpolated.
 * @param {Float32Array} power @param {number[]} between
 */
function strength(power, [low, high]) {
  const middle = (low + high) / 2;
  const bin = Math.min(Math.floor(middle), power.length - 2);
  let found = power[bin] + (power[bin + 1] - power[bin]) * Math.min(1, middle - bin);
  for (let k = Math.ceil(low); k <= Math.min(high, power.length - 1); k += 1) if (power[k] > found) found = power[k];
  return found;
}
