// @ts-check
/**
 * Plays takes: one clock for all that sounds. A new take comes in at the playhead with a short crossfade; two takes of
 * a comparison run side by side, and one of them is heard.
 *
 *   position = anchor position + (context time - anchor time) × sample rate
 *
 * Events: "state", "take" (something else is heard), "seek", "ended".
 */
import { openSound } from "./api.js";
import { Replacement } from "./replacement.js";
import { receive, SAMPLE_RATE, Take } from "./take.js";
import { SOON_SECONDS, Voice } from "./voice.js";

const FADE_SECONDS = 0.015; // from one take to the next
const SWITCH_SECONDS = 0.008; // from one side of a comparison to the other
const AHEAD_SECONDS = 0.35; // scheduled before it is heard
const ENOUGH_SECONDS = 0.3; // that must be there before a playhead that waited goes on
const TICK_MS = 60;

/**
 * @typedef {object} Source
 * @property {(first: number) => {path: string, body?: any}} open what to ask for, to hear it from a sample on
 * @property {number|null} [total] samples of the whole, if known
 * @property {boolean} [loop]
 * @property {boolean} [circular] whether the stream of a loop goes once around from where it begins
 * @property {number} [gain] linear
 * @property {Take} [take] that is there already
 * @property {string} [key] of a preview: the same for the same sound
 * @property {{page: string, number: number}} [asked] of a preview: its last question
 */

export class Player extends EventTarget {
  constructor() {
    super();
    /** @type {AudioContext|null} */
    this.context = null;
    /** @type {"stopped"|"playing"|"paused"} */
    this.state = "stopped";
    this.isWaiting = false;
    /** @type {Voice[]} */
    this._voices = [];
    this._heard = 0;
    this._anchor = { time: 0, position: 0 };
    this._timer = 0;
    this._replacement = new Replacement();
    this._turn = 0;
    this._replacing = 0; // turn in which another version is awaited
    /** @type {AbortController|null} */
    this._opening = null;
  }

  /** @returns {Voice|null} */
  get _voice() {
    return this._voices[this._heard] ?? null;
  }

  /** What is heard, as it has arrived so far. */
  get take() {
    return this._voice?.take ?? null;
  }

  /** @returns {Source|null} */
  get source() {
    return this._voice?.source ?? null;
  }

  /** Which side of a pair is heard, 0 or 1. */
  get heard() {
    return this._heard;
  }

  /** Length of what is heard, seconds; null while nobody knows. */
  get seconds() {
    const total = this._voice?.total ?? null;
    return total === null ? null : total / SAMPLE_RATE;
  }

  /** Where the playhead is, seconds in the output. */
  get playhead() {
    const position = this._position();
    return (this._voice ? this._voice.inside(position) : position) / SAMPLE_RATE;
  }

  /** Begin, inside of a click or a key: some systems let no page sound otherwise. */
  wake() {
    this.context ??= new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: "interactive" });
    if (this.context.state === "suspended") this.context.resume();
    return this.context;
  }

  /** Play something from a second on, instead of what is heard. @param {Source} source @param {number} [seconds] */
  async play(source, seconds = 0) {
    this.wake();
    const turn = ++this._turn;
    const position = Math.round(seconds * SAMPLE_RATE);
    const voice = await this._open(source, position, turn);
    if (!voice) return null;
    this._begin([voice], position, 0);
    return voice.take;
  }

  /** Let another version of what is heard come in at the playhead, as soon as it is there. @param {Source} source */
  async replace(source) {
    if (this.state === "stopped" || !this._voice) return this.play(source, this.playhead);
    const turn = (this._replacing = ++this._turn);
    const stage = this._stage(source, turn);
    const voice = await this._replacement.run(stage).finally(() => {
      if (this._replacing === turn) this._replacing = 0;
    });
    return voice && this._takeOver(/** @type {Voice} */ (voice));
  }

  /**
   * Play two sounds side by side, of which one is heard; `switchTo` changes over at the same playhead.
   * @param {[Source, Source]} pair @param {number} [seconds] @param {number} [heard] 0 or 1
   */
  async playPair(pair, seconds = 0, heard = 0) {
    this.wake();
    const turn = ++this._turn;
    const position = Math.round(seconds * SAMPLE_RATE);
    const voices = await Promise.all(pair.map((source) => this._open(source, position, turn, false)));
    if (!voices[0] || !voices[1]) return false;
    this._begin([voices[0], voices[1]], position, heard);
    return true;
  }

  /** Let the other sound of a pair be heard. @param {number} heard 0 or 1 */
  switchTo(heard) {
    if (!this._voices[heard] || heard === this._heard) return;
    this._heard = heard;
    this._raise(SWITCH_SECONDS, this._now());
    this._changed("take");
  }

  /** Hold the playhead where it is. */
  pause() {
    if (this.state !== "playing") return;
    this._anchor = { time: this._now(), position: this._position() };
    for (const voice of this._voices) voice.silence(FADE_SECONDS);
    this._setState("paused");
  }

  /** Go on from the playhead. */
  resume() {
    if (this.state !== "paused") return;
    this.wake();
    this._anchor.time = this._now() + SOON_SECONDS;
    this._raise(FADE_SECONDS, this._anchor.time);
    this._setState("playing");
  }

  /** End, and put the playhead back to the beginning. */
  stop() {
    this._turn++;
    this._opening?.abort();
    this._drop();
    this._anchor = { time: 0, position: 0 };
    this._setState("stopped");
  }

  /** Move the playhead; what is not there is asked for. @param {number} seconds */
  async seek(seconds) {
    const position = Math.max(0, Math.round(seconds * SAMPLE_RATE));
    const source = this._voice?.source;
    if (!source) return null;
    if (!this._voices.every((voice) => voice.has(position))) return this.play({ ...source, take: undefined }, seconds);
    for (const voice of this._voices) voice.silence(FADE_SECONDS);
    this._anchor = { time: this._now() + SOON_SECONDS, position };
    if (this.state === "playing") this._raise(FADE_SECONDS, this._anchor.time);
    this._tick();
    this._changed("seek");
    return this.take;
  }

  /**
   * @param {Source} source @param {number} position @param {number} turn @param {boolean} [alone] whether it overtakes another
   * @returns {Promise<Voice|null>} null where it is overtaken
   */
  async _open(source, position, turn, alone = true) {
    const stop = new AbortController();
    let take = source.take;
    if (!take) {
      if (alone) this._opening?.abort();
      if (alone) this._opening = stop;
      const { path, body } = source.open(position);
      const sound = await openSound(path, body, stop.signal).catch((error) => {
        if (stop.signal.aborted || error.code === "overtaken") return null;
        throw error;
      });
      if (!sound) return null;
      take = new Take({ ...sound, total: source.total, circular: source.circular });
      receive(sound, take, stop.signal);
    }
    if (turn !== this._turn) {
      stop.abort();
      return null;
    }
    if (!take.complete) take.onMore(() => this._tick());
    return new Voice(/** @type {AudioContext} */ (this.context), source, take, stop);
  }

  /** @param {Voice[]} voices @param {number} position @param {number} heard */
  _begin(voices, position, heard) {
    this._drop();
    this._voices = voices;
    this._heard = heard;
    this._anchor = { time: this._now() + SOON_SECONDS, position };
    this._raise(FADE_SECONDS, this._anchor.time);
    this._setState("playing");
    this._changed("take");
  }

  /** A voice is heard instead of all others, at the playhead. @param {Voice} voice */
  _takeOver(voice) {
    this._drop();
    this._voices = [voice];
    this._heard = 0;
    voice.fade(1, FADE_SECONDS, this._now() + SOON_SECONDS);
    this._tick();
    this._changed("take");
    return voice.take;
  }

  /** @param {Source} source @param {number} turn @returns {import("./replacement.js").Stage} */
  _stage(source, turn) {
    return {
      isCurrent: () => turn === this._turn,
      isPlaying: () => this.state === "playing",
      isWaiting: () => this.isWaiting,
      position: () => this._position(),
      now: () => this._now(),
      jump: (position) => (this._anchor = { time: this._now(), position }),
      open: async (position) => {
        const inside = this._voice?.inside(position) ?? Infinity;
        const isLate = source.total !== null && source.total !== undefined && inside >= source.total;
        return isLate ? null : this._open(source, inside, turn);
      },
    };
  }

  /** Schedule what is to be heard next, and notice the end. */
  _tick() {
    window.clearTimeout(this._timer);
    if (this.state !== "playing" || !this._voice) return;
    if (this.isWaiting) this._goOn();
    const now = this._now();
    const position = this._position(now);
    const isCutOff = this.isWaiting && this._voice.take.complete && !this._replacing;
    if (isCutOff || this._voice.isOver(position)) {
      this.stop();
      this._changed("ended");
      return;
    }
    if (!this.isWaiting) this._fill(now, position);
    this._timer = window.setTimeout(() => this._tick(), TICK_MS);
  }

  /** Schedule what lies ahead; where nothing is there, the playhead waits. @param {number} now @param {number} position */
  _fill(now, position) {
    const voice = /** @type {Voice} */ (this._voice);
    const soonest = Math.ceil(this._position(now + 0.005));
    const horizon = Math.round(this._position(now + AHEAD_SECONDS));
    const there = this._voices.map((one) => one.fill(this._anchor, soonest, horizon));
    if (there[this._heard] || voice.has(position) || voice.isOver(position)) return;
    this._anchor = { time: now, position: position - voice.gapBefore(position) };
    for (const one of this._voices) one.until = null;
    this.isWaiting = true;
    this._changed("state");
  }

  /** End waiting, once enough is there to go on for a while. */
  _goOn() {
    const voice = /** @type {Voice} */ (this._voice);
    const { position } = this._anchor;
    if (!voice.holds(position, ENOUGH_SECONDS * SAMPLE_RATE) && !voice.isOver(position)) return;
    this.isWaiting = false;
    this._anchor = { time: this._now() + SOON_SECONDS, position };
    this._changed("state");
  }

  /** Bring all voices to their levels: the one that is heard up, the others down. @param {number} seconds @param {number} at */
  _raise(seconds, at) {
    this._voices.forEach((voice, place) => voice.fade(place === this._heard ? 1 : 0, seconds, at));
  }

  /** Where the playhead is, counted on through all turns of a loop, samples. */
  _position(time = this._now()) {
    if (this.state !== "playing" || this.isWaiting) return this._anchor.position;
    return this._anchor.position + Math.max(0, time - this._anchor.time) * SAMPLE_RATE;
  }

  _now() {
    return this.context?.currentTime ?? 0;
  }

  /** Let all voices end. */
  _drop() {
    for (const voice of this._voices) voice.close(FADE_SECONDS);
    this._voices = [];
    this._heard = 0;
  }

  /** @param {"stopped"|"playing"|"paused"} state */
  _setState(state) {
    this.state = state;
    this.isWaiting = false;
    this._changed("state");
    this._tick();
  }

  /** @param {string} what */
  _changed(what) {
    this.dispatchEvent(new Event(what));
  }
}
