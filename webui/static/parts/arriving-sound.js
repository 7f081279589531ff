// @ts-check
/**
 * A sound on its way into a picture: samples go to the worker, columns of spectrum and waveform come back. It may begin
 * anew at any sample; what lies before and after stays until it is written over.
 */
import { DB_PER_STEP } from "../logic/spectrum.js";
import { LevelImage } from "./level-image.js";
import { hearSpectrum } from "./spectrum-client.js";

const MOST_COLUMNS = 1600;
const COLUMNS_A_SECOND = 100;
const SETTLING = 2048; // samples in which the longest window reaches back to where nothing was

export class ArrivingSound {
  /** @type {ReturnType<typeof hearSpectrum>|null} */ #stream = null;
  #written = 0; // one past the last column that was written
  #skip = 0; // samples of all channels before the first column

  /**
   * @param {{seconds: number, sample_rate: number, channels: number, rows: number}} sound
   * @param {() => void} onChange more can be seen
   */
  constructor({ seconds, sample_rate, channels, rows }, onChange) {
    this.seconds = seconds;
    this.sound = { sample_rate, channels, rows };
    this.samples = seconds * sample_rate;
    this.columns = Math.max(2, Math.min(MOST_COLUMNS, Math.round(seconds * COLUMNS_A_SECOND)));
    this.image = new LevelImage({ columns: this.columns, rows, db_per_step: DB_PER_STEP });
    this.pairs = new Int16Array(2 * this.columns);
    this.onChange = onChange;
  }

  /**
   * Whether another sound has the same axes, so that it can be written over this one.
   * @param {{seconds: number, sample_rate: number, channels: number}} sound
   */
  fits({ seconds, sample_rate, channels }) {
    return seconds === this.seconds && sample_rate === this.sound.sample_rate && channels === this.sound.channels;
  }

  /** Samples come next from here on. @param {number} [sample] of one channel */
  begin(sample = 0) {
    this.forget();
    const hop = this.samples / this.columns;
    const first = Math.min(this.columns - 1, Math.ceil(sample / hop));
    this.#skip = Math.max(0, Math.round(first * hop) - sample) * this.sound.channels;
    const columns = this.columns - first;
    const unsettled = sample ? Math.min(Math.ceil(SETTLING / hop), this.#written - first) : 0;
    this.#stream = hearSpectrum(
      { ...this.sound, samples: hop * columns, columns },
      ({ first: at, count, cells, pairs }) => {
        const early = Math.min(count, Math.max(0, unsettled - at));
        this.image.write(first + at + early, count - early, cells.subarray(early * this.image.rows));
        this.pairs.set(pairs, 2 * (first + at));
        this.#written = Math.max(this.#written, first + at + count);
        this.onChange();
      },
    );
  }

  /** @param {Float32Array} samples interleaved */
  push(samples) {
    const rest = this.#skip ? samples.subarray(this.#skip) : samples;
    this.#skip = Math.max(0, this.#skip - samples.length);
    if (rest.length) this.#stream?.push(rest);
  }

  end() {
    this.#stream?.end();
    this.#stream = null;
  }

  forget() {
    this.#stream?.forget();
    this.#stream = null;
  }
}
