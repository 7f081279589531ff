// @ts-check
/**
 * Plays takes: opens what is to be heard, and lets it come in. A new take comes in at the playhead with a short
 * crossfade; two takes of a comparison run side by side, and one of them is heard.
 *
 * Events: "state", "take" (something else is heard), "seek", "ended".
 */
import { Replacement } from "./replacement.js";
import { openTake } from "./sources.js";
import { SAMPLE_RATE } from "./take.js";
import { Voice } from "./voice.js";
import { Voices } from "./voices.js";

/** @typedef {import("./sources.js").Source} Source */

export class Player extends EventTarget {
  constructor() {
    super();
    this._voices = new Voices({
      onState: () => this._changed("state"),
      onEnd: () => {
        this.stop();
        this._changed("ended");
      },
      isAwaiting: () => this._replacing > 0,
    });
    this._replacement = new Replacement();
    this._turn = 0;
    this._replacing = 0; // turn in which another version is awaited
    /** @type {AbortController|null} */
    this._opening = null;
  }

  get context() {
    return this._voices.context;
  }

  get state() {
    return this._voices.state;
  }

  get isWaiting() {
    return this._voices.isWaiting;
  }

  /** The sound that is heard, as far as it has arrived. */
  get take() {
    return this._voices.voice?.take ?? null;
  }

  /** @returns {Source|null} */
  get source() {
    return this._voices.voice?.source ?? null;
  }

  /** Which side of a pair is heard, 0 or 1. */
  get heard() {
    return this._voices.heard;
  }

  /** Length of what is heard, seconds; null while nobody knows. */
  get seconds() {
    const total = this._voices.voice?.total ?? null;
    return total === null ? null : total / SAMPLE_RATE;
  }

  /** Where the playhead is, seconds in the output. */
  get playhead() {
    const { voice } = this._voices;
    const position = this._voices.position();
    return (voice ? voice.inside(position) : position) / SAMPLE_RATE;
  }

  /** Begin, inside of a click or a key: some systems let no page sound otherwise. */
  wake() {
    return this._voices.wake();
  }

  /** Play something from a second on, instead of what is heard. @param {Source} source @param {number} [seconds] */
  async play(source, seconds = 0) {
    this.wake();
    const turn = ++this._turn;
    const position = Math.round(seconds * SAMPLE_RATE);
    const voice = await this._open(source, position, turn);
    if (!voice) return null;
    this._voices.begin([voice], position, 0);
    this._changed("take");
    return voice.take;
  }

  /** Let another version of what is heard come in at the playhead, as soon as it is there. @param {Source} source */
  async replace(source) {
    if (this.state === "stopped" || !this._voices.voice) return this.play(source, this.playhead);
    const turn = (this._replacing = ++this._turn);
    const stage = this._stage(source, turn);
    const voice = await this._replacement.run(stage).finally(() => {
      if (this._replacing === turn) this._replacing = 0;
    });
    if (!voice) return null;
    this._voices.takeOver(/** @type {Voice} */ (voice));
    this._changed("take");
    return /** @type {Voice} */ (voice).take;
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
    this._voices.begin([voices[0], voices[1]], position, heard);
    this._changed("take");
    return true;
  }

  /** Let the other sound of a pair be heard. @param {number} heard 0 or 1 */
  switchTo(heard) {
    if (!this._voices.hasOther(heard)) return;
    this._voices.change(heard);
    this._changed("take");
  }

  /** Hold the playhead where it is. */
  pause() {
    if (this.state === "playing") this._voices.hold();
  }

  /** Go on from the playhead. */
  resume() {
    if (this.state !== "paused") return;
    this.wake();
    this._voices.goOn();
  }

  /** End, and put the playhead back to the beginning. */
  stop() {
    this._turn++;
    this._opening?.abort();
    this._voices.end();
  }

  /** Move the playhead; what is not there is asked for. @param {number} seconds */
  async seek(seconds) {
    const position = Math.max(0, Math.round(seconds * SAMPLE_RATE));
    const { source } = this;
    if (!source) return null;
    if (!this._voices.have(position)) return this.play({ ...source, take: undefined }, seconds);
    this._voices.seek(position);
    this._changed("seek");
    return this.take;
  }

  /**
   * @param {Source} source @param {number} position @param {number} turn
   * @param {boolean} [alone] whether it overtakes another
   * @returns {Promise<Voice|null>} null where it is overtaken
   */
  async _open(source, position, turn, alone = true) {
    const stop = new AbortController();
    if (!source.take && alone) {
      this._opening?.abort();
      this._opening = stop;
    }
    const take = source.take ?? (await openTake(source, position, stop.signal));
    if (!take) return null;
    if (turn !== this._turn) {
      stop.abort();
      return null;
    }
    if (!take.complete) take.onMore(() => this._voices.tick());
    return new Voice(/** @type {AudioContext} */ (this.context), source, take, stop);
  }

  /** @param {Source} source @param {number} turn @returns {import("./replacement.js").Stage} */
  _stage(source, turn) {
    const { _voices: voices } = this;
    return {
      isCurrent: () => turn === this._turn,
      isPlaying: () => voices.state === "playing",
      isWaiting: () => voices.isWaiting,
      position: () => voices.position(),
      now: () => voices.now,
      jump: (position) => voices.jump(position),
      open: async (position) => {
        const inside = voices.voice?.inside(position) ?? Infinity;
        const isLate = source.total !== null && source.total !== undefined && inside >= source.total;
        return isLate ? null : this._open(source, inside, turn);
      },
    };
  }

  /** @param {string} what */
  _changed(what) {
    this.dispatchEvent(new Event(what));
  }
}
