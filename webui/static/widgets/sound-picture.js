// @ts-check
/**
 * A sound to be seen: spectrogram, three lines of frequency, waveform over it, playhead and selection. Three sizes:
 * thumbnail and strip are images, large is played on: a press seeks, a drag selects, Ctrl and the wheel zoom.
 *
 * It is fed with pictures and peaks of the server (setPicture, setPeaks), or with samples while they arrive
 * (beginSound, addSamples, endSound), which a worker turns into the same.
 */
import { HIGH_HZ, LOW_HZ } from "../logic/spectrum.js";
import { showClock, TimeView } from "../logic/time-axis.js";
import { clamp } from "../logic/numbers.js";
import { ArrivingSound } from "../parts/arriving-sound.js";
import { CanvasSurface } from "../parts/canvas-surface.js";
import { element } from "../parts/element.js";
import { LevelImage } from "../parts/level-image.js";
import { paintPicture } from "../parts/picture-canvas.js";
import { playOnPicture } from "../parts/picture-hands.js";

const ROWS = { thumbnail: 48, strip: 96, large: 192 };

/** @typedef {{start: number, end: number}} Span in seconds */

export class SoundPicture {
  /** @type {LevelImage|null} */ #image = null;
  /** @type {Int16Array|null} */ #pairs = null;
  /** @type {ArrivingSound|null} */ #arriving = null;
  #seconds = 0;
  #band = { low_hz: LOW_HZ, high_hz: HIGH_HZ };
  #playhead = 0;
  #forgetTime;

  /**
   * @param {object} options
   * @param {string} options.name of the sound, for screen readers
   * @param {"thumbnail"|"strip"|"large"} [options.size]
   * @param {TimeView} [options.time] the part in view; lanes that are to stay in line share it
   * @param {boolean} [options.labelled] whether the lines of frequency have names, where there is room
   * @param {(seconds: number) => void} [options.onSeek]
   * @param {(span: Span|null) => void} [options.onSelect]
   */
  constructor({ name, size = "large", time = new TimeView(0), labelled = true, onSeek, onSelect }) {
    this.size = size;
    this.time = time;
    /** @type {Span|null} */
    this.selection = null;
    this.surface = new CanvasSurface((context, view) => {
      const { size: look, element: node } = this;
      const parts = { image: this.#image, pairs: this.#pairs, seconds: this.#seconds, ...this.#band };
      paintPicture(context, view, { ...parts, node, time, size: look, labelled });
    }, "sound-picture__canvas");
    this.head = element("div", { class: "sound-picture__head", hidden: true });
    this.marked = element("div", { class: "sound-picture__selection", hidden: true });
    const played = size === "large";
    this.element = element(
      "div",
      {
        class: "sound-picture",
        data: { size },
        role: played ? "slider" : "img",
        "aria-label": played ? `Playhead of ${name}` : name,
        tabindex: played ? 0 : null,
        "aria-valuemin": played ? 0 : null,
      },
      this.surface.element,
      element("div", { class: "sound-picture__over" }, this.marked, this.head),
    );
    this.#forgetTime = time.onChange(() => this.#layOut());
    if (!played) return;
    playOnPicture(this.element, {
      time,
      playhead: () => this.#playhead,
      seek: (seconds) => onSeek?.(seconds),
      select: (span, done) => {
        this.setSelection(span);
        if (done) onSelect?.(span);
      },
    });
  }

  /**
   * @param {{columns: number, rows: number, cells: Uint8Array, low_hz: number, high_hz: number, seconds: number}}
   *     picture of the server
   */
  setPicture({ low_hz, high_hz, seconds, ...cells }) {
    this.#forgetStream();
    this.#band = { low_hz, high_hz };
    this.#image = new LevelImage({ ...cells, loudest: 255, db_per_step: 90 / 255 });
    this.#setSeconds(seconds);
  }

  /** @param {Int16Array} pairs lowest and highest sample of each point, evenly over the sound */
  setPeaks(pairs) {
    this.#pairs = pairs;
    this.surface.request();
  }

  /**
   * A sound begins to arrive; with a `first` sample it is written over what is there from then on, if that is as long.
   * @param {{seconds: number, sample_rate: number, channels: number}} sound @param {number|null} [first]
   */
  beginSound(sound, first = null) {
    if (first === null || !this.#arriving?.fits(sound)) {
      this.showDrawing(new ArrivingSound({ ...sound, rows: ROWS[this.size] }, () => this.surface.request()));
      if (first === null) this.time.reset(sound.seconds);
    }
    this.#arriving?.begin(first ?? 0);
  }

  /**
   * Let what is drawn of a sound be as it is: it stays in sight until the next sound begins, which is drawn by itself.
   * @returns {ArrivingSound|null} for `showDrawing`
   */
  setAside() {
    const drawing = this.#arriving;
    this.#arriving = null;
    return drawing;
  }

  /** Show again what was drawn of a sound. @param {ArrivingSound} drawing */
  showDrawing(drawing) {
    this.#forgetStream();
    this.#arriving = drawing;
    [this.#image, this.#pairs] = [drawing.image, drawing.pairs];
    this.#band = { low_hz: LOW_HZ, high_hz: HIGH_HZ };
    if (drawing.seconds !== this.#seconds) this.#setSeconds(drawing.seconds);
    this.surface.request();
  }

  /** @param {Float32Array} samples interleaved */
  addSamples(samples) {
    this.#arriving?.push(samples);
  }

  endSound() {
    this.#arriving?.end();
  }

  clear() {
    this.#forgetStream();
    this.#image = this.#pairs = null;
    this.setPlayhead(null);
    this.#setSeconds(0);
  }

  /** @param {number|null} seconds null hides it */
  setPlayhead(seconds) {
    this.head.hidden = seconds === null;
    this.#playhead = seconds ?? 0;
    this.#placeHead();
  }

  /** @param {Span|null} span */
  setSelection(span) {
    this.selection = span;
    this.#layOut();
  }

  destroy() {
    this.#forgetStream();
    this.#forgetTime();
    this.surface.destroy();
    this.element.remove();
  }

  #forgetStream() {
    this.#arriving?.forget();
    this.#arriving = null;
  }

  /** @param {number} seconds */
  #setSeconds(seconds) {
    this.#seconds = seconds;
    if (this.size === "large") this.element.setAttribute("aria-valuemax", String(seconds));
    this.time.reset(seconds);
  }

  #layOut() {
    const span = this.selection;
    this.marked.hidden = !span;
    if (span) {
      const [from, to] = [span.start, span.end].map((one) => clamp(this.time.shareOf(one), 0, 1));
      this.marked.style.left = `${100 * from}%`;
      this.marked.style.width = `${100 * (to - from)}%`;
    }
    this.#placeHead();
    this.surface.request();
  }

  #placeHead() {
    const share = this.time.shareOf(this.#playhead);
    this.head.style.left = `${100 * share}%`;
    this.head.style.visibility = share < 0 || share > 1 ? "hidden" : "visible";
    if (this.size !== "large") return;
    this.element.setAttribute("aria-valuenow", this.#playhead.toFixed(2));
    this.element.setAttribute("aria-valuetext", `${showClock(this.#playhead, 1)} of ${showClock(this.#seconds, 1)}`);
  }
}
