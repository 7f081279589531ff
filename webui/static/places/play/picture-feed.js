// @ts-check
/**
 * Brings what is heard into the picture while it arrives. A preview that comes in at the playhead is drawn over the one
 * before, from there on: the picture shows what was heard, and then what will be.
 */
import { SAMPLE_RATE } from "../../core/take.js";

const PAUSE_MS = 80; // between two looks at what has come
const UNKNOWN_SECONDS = 10; // shown of a sound whose length nobody knows yet

/** @typedef {import("../../core/take.js").Take} Take */

export class PictureFeed {
  /** @param {import("../../widgets/sound-picture.js").SoundPicture} picture */
  constructor(picture) {
    this._picture = picture;
    this.name = ""; // what it is a picture of
    /** @type {Take|null} */
    this._take = null;
    this._fed = 0; // samples of the take
    this._timer = 0;
    this._forget = () => {};
    /** @type {WeakMap<Take, import("../../parts/arriving-sound.js").ArrivingSound>} set aside, to be shown again */
    this._drawings = new WeakMap();
    /** @type {Take|null} of which all is drawn, and nothing else is */
    this._drawn = null;
  }

  /**
   * Show a take.
   * @param {Take} take
   * @param {string} name the same for takes of the same sound, which are drawn over each other
   * @param {boolean} [isReplacement] whether it came in at the playhead, where another sound was
   */
  show(take, name, isReplacement = false) {
    if (take === this._take && name === this.name) return;
    const isOver = name === this.name || isReplacement;
    this.#leave();
    [this._take, this.name] = [take, name];
    if (!isOver || (take.isWhole && !take.first)) this.#setAside();
    this._drawn = null;
    if (this.#showAgain(take)) return;
    this.#begin(isOver ? take.first : null);
    if (!isOver && take.first) this.#begin(take.first);
    this._forget = take.onMore(() => this.#soon());
    this.#feed();
  }

  get isEmpty() {
    return !this._take;
  }

  /** @param {number|null} first sample from which it is drawn over what is there */
  #begin(first) {
    const take = /** @type {Take} */ (this._take);
    const seconds = take.total ? take.total / SAMPLE_RATE : UNKNOWN_SECONDS;
    this._isLengthKnown = Boolean(take.total);
    this._picture.beginSound({ seconds, sample_rate: SAMPLE_RATE, channels: 1 }, first);
  }

  #soon() {
    this._timer ||= window.setTimeout(() => {
      this._timer = 0;
      this.#feed();
    }, PAUSE_MS);
  }

  /** Hand on what has come; a loop that began in the middle goes on at its beginning. */
  #feed() {
    const take = /** @type {Take} */ (this._take);
    if (!this._isLengthKnown && take.complete) this.#restart();
    while (this._fed < take.received) {
      // index at which a loop begins again
      const turn = take.circular && take.total ? take.total - take.first : Infinity;
      if (this._fed === turn) {
        this._picture.endSound();
        this.#begin(0);
      }
      const until = this._fed < turn ? Math.min(take.received, turn) : take.received;
      this._picture.addSamples(take.mono(this._fed, until));
      this._fed = until;
    }
    const endsWithin = take.circular && take.first > 0; // in the middle of the picture: what stands after it stays
    if (take.isWhole && !endsWithin) this._picture.endSound();
    if (take.isWhole && !take.first) this._drawn = take;
    if (take.complete) this._forget();
  }

  /** Draw it once more, now that its length is known. */
  #restart() {
    this._fed = 0;
    this.#begin(null);
  }

  /** Keep what is drawn of a whole sound, so that a comparison does not draw it with each switch. */
  #setAside() {
    const drawing = this._drawn && this._picture.setAside();
    if (this._drawn && drawing) this._drawings.set(this._drawn, drawing);
  }

  /** @param {Take} take @returns {boolean} whether it was set aside */
  #showAgain(take) {
    const drawing = this._drawings.get(take);
    if (!drawing) return false;
    this._drawings.delete(take);
    this._drawn = take;
    this._picture.showDrawing(drawing);
    return true;
  }

  #leave() {
    this._forget();
    window.clearTimeout(this._timer);
    this._timer = 0;
    this._fed = 0;
  }
}
