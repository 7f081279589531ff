// @ts-check
/** Times on an axis: which part of a sound is in view, where ticks stand, how seconds are written. Pure. */
import { clamp } from "./numbers.js";

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200];
const SHORTEST = 0.02;

/**
 * The part of a sound that is in view. A sound picture and its lanes share one, so that they stay in line.
 */
export class TimeView {
  #listeners = new Set();

  /** @param {number} [seconds] of the whole sound */
  constructor(seconds = 10) {
    this.seconds = seconds;
    this.start = 0;
    this.end = seconds;
  }

  /** @param {() => void} listener @returns {() => void} takes the listener away again */
  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Show a whole sound of this length. @param {number} seconds */
  reset(seconds) {
    this.seconds = seconds;
    this.show(0, seconds);
  }

  /** @param {number} start in seconds @param {number} end */
  show(start, end) {
    const span = clamp(end - start, Math.min(SHORTEST, this.seconds), this.seconds);
    this.start = clamp(start, 0, this.seconds - span);
    this.end = this.start + span;
    for (const listener of this.#listeners) listener();
  }

  /** Zoom around a time that stays where it is. @param {number} factor above 1 shows more @param {number} around */
  zoom(factor, around) {
    const share = this.shareOf(around);
    const span = clamp((this.end - this.start) * factor, SHORTEST, this.seconds);
    this.show(around - share * span, around - share * span + span);
  }

  /** @param {number} seconds @returns {number} 0 at the left edge of the view, 1 at the right one */
  shareOf(seconds) {
    return (seconds - this.start) / (this.end - this.start || 1);
  }

  /** @param {number} share @returns {number} seconds */
  secondsAt(share) {
    return this.start + share * (this.end - this.start);
  }
}

/**
 * Times at which an axis has a label.
 * @param {number} start @param {number} end in seconds
 * @param {number} most how many labels there is room for
 * @returns {number[]}
 */
export function ticks(start, end, most) {
  const step = STEPS.find((one) => (end - start) / one <= most) ?? STEPS[STEPS.length - 1];
  const first = Math.ceil(start / step - 1e-9);
  const count = Math.floor(end / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, place) => Number(((first + place) * step).toFixed(3)));
}

/**
 * Write a time as a clock does: "0:03.2", "1:02:15".
 * @param {number} seconds
 * @param {number} [digits] of a second
 */
export function showClock(seconds, digits = 0) {
  const unit = 10 ** digits;
  const whole = Math.floor(Math.max(0, seconds) * unit + 1e-6) / unit;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = (whole % 60).toFixed(digits).padStart(digits ? digits + 3 : 2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** Write a length in words: "0.42 s", "12 s", "3 min 20 s". @param {number} seconds */
export function showLength(seconds) {
  if (seconds < 10) return `${Number(seconds.toFixed(seconds < 1 ? 2 : 1))} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
  return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
}
