// @ts-check
/**
 * The voices that run side by side, one of which is heard, on one clock. What lies ahead of the playhead is scheduled
 * here; where nothing is there, the playhead waits.
 *
 *   position = anchor position + (context time - anchor time) × sample rate
 */
import { SAMPLE_RATE } from "./take.js";
import { SOON_SECONDS } from "./voice.js";

const FADE_SECONDS = 0.015; // from one take to the next
const SWITCH_SECONDS = 0.008; // from one side of a comparison to the other
const AHEAD_SECONDS = 0.35; // scheduled before it is heard
const ENOUGH_SECONDS = 0.3; // that must be there before a playhead that waited goes on
const TICK_MS = 60;

/** @typedef {import("./voice.js").Voice} Voice */

export class Voices {
  /** @param {{onState: () => void, onEnd: () => void, isAwaiting: () => boolean}} owner `isAwaiting`: more may come in */
  constructor(owner) {
    this._owner = owner;
    /** @type {AudioContext|null} */
    this.context = null;
    /** @type {"stopped"|"playing"|"paused"} */
    this.state = "stopped";
    this.isWaiting = false;
    this.heard = 0; // which one is heard
    /** @type {Voice[]} */
    this._all = [];
    this._anchor = { time: 0, position: 0 };
    this._timer = 0;
  }

  /** The one that is heard. @returns {Voice|null} */
  get voice() {
    return this._all[this.heard] ?? null;
  }

  /** The clock, seconds. */
  get now() {
    return this.context?.currentTime ?? 0;
  }

  /** Begin, inside of a click or a key: some systems let no page sound otherwise. */
  wake() {
    this.context ??= new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: "interactive" });
    if (this.context.state === "suspended") this.context.resume();
    return this.context;
  }

  /** Where the playhead is, counted on through all turns of a loop, samples. */
  position(time = this.now) {
    if (this.state !== "playing" || this.isWaiting) return this._anchor.position;
    return this._anchor.position + Math.max(0, time - this._anchor.time) * SAMPLE_RATE;
  }

  /** @param {number} heard @returns {boolean} whether there is another one to be heard */
  hasOther(heard) {
    return Boolean(this._all[heard]) && heard !== this.heard;
  }

  /** Whether all of them can be heard at a position. @param {number} position */
  have(position) {
    return this._all.every((voice) => voice.has(position));
  }

  /** Let others be heard instead. @param {Voice[]} voices @param {number} position @param {number} heard */
  begin(voices, position, heard) {
    this._drop();
    this._all = voices;
    this.heard = heard;
    this._anchor = { time: this.now + SOON_SECONDS, position };
    this._raise(FADE_SECONDS, this._anchor.time);
    this.setState("playing");
  }

  /** A voice is heard instead of all others, at the playhead: as they fade out, it comes in. @param {Voice} voice */
  takeOver(voice) {
    const at = this.now + SOON_SECONDS;
    this._drop(at);
    this._all = [voice];
    voice.until = Math.ceil(this.position(at)); // it may begin there, and not sooner
    voice.fade(1, FADE_SECONDS, at);
    this.tick();
  }

  /** Let another one of them be heard. @param {number} heard */
  change(heard) {
    this.heard = heard;
    this._raise(SWITCH_SECONDS, this.now);
  }

  /** Hold the playhead where it is. */
  hold() {
    this._anchor = { time: this.now, position: this.position() };
    for (const voice of this._all) voice.silence(FADE_SECONDS);
    this.setState("paused");
  }

  /** Go on from the playhead. */
  goOn() {
    this._anchor.time = this.now + SOON_SECONDS;
    this._raise(FADE_SECONDS, this._anchor.time);
    this.setState("playing");
  }

  /** Move the playhead to a position that is there. @param {number} position */
  seek(position) {
    for (const voice of this._all) voice.silence(FADE_SECONDS);
    this._anchor = { time: this.now + SOON_SECONDS, position };
    if (this.state === "playing") this._raise(FADE_SECONDS, this._anchor.time);
    this.tick();
  }

  /** Let a playhead that waits go on somewhere else. @param {number} position */
  jump(position) {
    this._anchor = { time: this.now, position };
  }

  /** End, and put the playhead back to the beginning. */
  end() {
    this._drop();
    this._anchor = { time: 0, position: 0 };
    this.setState("stopped");
  }

  /** @param {"stopped"|"playing"|"paused"} state */
  setState(state) {
    this.state = state;
    this.isWaiting = false;
    this._owner.onState();
    this.tick();
  }

  /** Schedule what is to be heard next, and notice the end. */
  tick() {
    window.clearTimeout(this._timer);
    if (this.state !== "playing" || !this.voice) return;
    if (this.isWaiting) this._endWaiting();
    const { now } = this;
    const position = this.position(now);
    const isCutOff = this.isWaiting && this.voice.take.complete && !this._owner.isAwaiting();
    if (isCutOff || this.voice.isOver(position)) return this._owner.onEnd();
    if (!this.isWaiting) this._fill(now, position);
    this._timer = window.setTimeout(() => this.tick(), TICK_MS);
  }

  /** Schedule what lies ahead; where nothing is there, the playhead waits. @param {number} now @param {number} position */
  _fill(now, position) {
    const voice = /** @type {Voice} */ (this.voice);
    const soonest = Math.ceil(this.position(now + 0.005));
    const horizon = Math.round(this.position(now + AHEAD_SECONDS));
    const there = this._all.map((one) => one.fill(this._anchor, soonest, horizon));
    if (there[this.heard] || voice.has(position) || voice.isOver(position)) return;
    this._anchor = { time: now, position: position - voice.gapBefore(position) };
    for (const one of this._all) one.until = null;
    this.isWaiting = true;
    this._owner.onState();
  }

  /** Go on, once enough is there for a while. */
  _endWaiting() {
    const voice = /** @type {Voice} */ (this.voice);
    const { position } = this._anchor;
    if (!voice.holds(position, ENOUGH_SECONDS * SAMPLE_RATE) && !voice.isOver(position)) return;
    this.isWaiting = false;
    this._anchor = { time: this.now + SOON_SECONDS, position };
    this._owner.onState();
  }

  /** Bring all to their levels: the one that is heard up, the others down. @param {number} seconds @param {number} at */
  _raise(seconds, at) {
    this._all.forEach((voice, place) => voice.fade(place === this.heard ? 1 : 0, seconds, at));
  }

  /** Let all of them end. @param {number} [at] when */
  _drop(at = this.now) {
    for (const voice of this._all) voice.close(FADE_SECONDS, at);
    this._all = [];
    this.heard = 0;
  }
}
