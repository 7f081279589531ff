// @ts-check
/**
 * Sound while a person explores. While something plays, every change comes in at the playhead; while nothing
 * does, a change lets one event be heard by itself. The program drops questions that are overtaken; while something is
 * dragged, the next question waits for the answer to the last one, so that a slow computer is heard as well.
 */
import { eventSource, previewSource } from "./sources.js";
import { SAMPLE_RATE } from "./take.js";

const PAUSE_MS = 140; // between two questions while something is dragged
const REST_MS = 120; // after the last of several changes that follow each other at once, such as of a key that is held
const EVENT_PAUSE_MS = 320; // the same where each answer is an event by itself: it has to be recognised
const KEPT_SECONDS = 120; // longest preview that is kept to be played again

/** @typedef {import("./player.js").Source} Source */

export class Exploring {
  /**
   * @param {import("./session.js").Session} session
   * @param {import("./player.js").Player} player of outputs
   * @param {import("./player.js").Player} aside of single events, moments and recordings
   * @param {(error: any) => void} onError
   */
  constructor(session, player, aside, onError) {
    this._session = session;
    this._player = player;
    this._aside = aside;
    this._onError = onError;
    this._timer = 0;
    this._askedAt = 0;
    this._asked = ""; // key of the last question
    this._runs = 0;
    this._isBusy = false;
    this._isWanted = false;
    /** @type {{key: string, take: import("./take.js").Take}|null} */
    this._kept = null;
    this.hearsChanges = true;
    this.cue = 0; // seconds: where it begins when nothing plays
    session.addEventListener("change", (event) => this._follow(/** @type {CustomEvent} */ (event).detail.phase));
    session.addEventListener(
      "model",
      () => this._player.state === "playing" && this.isPreview && this._follow("commit"),
    );
  }

  get player() {
    return this._player;
  }

  /** Whether what the player holds is what is being explored, and not an output of the history. */
  get isPreview() {
    return this._player.source?.key !== undefined;
  }

  /** All settings of now, as one text: two previews of the same key sound the same. */
  get key() {
    return JSON.stringify([this._session.model, this._session.asked]);
  }

  /** Play what is being explored from a second on. @param {number} [seconds] */
  async play(seconds = 0) {
    this._player.wake();
    if (!this._session.model) return null;
    const source = this._source();
    this._asked = /** @type {string} */ (source.key);
    const { key, take } = this._kept ?? { key: "", take: null };
    const isThere = key === source.key && take?.isWhole && take.available(Math.round(seconds * SAMPLE_RATE)) > 0;
    const wanted = isThere ? { ...source, take } : source;
    return this._keep(source, await this._guard(this._player.play(wanted, seconds)));
  }

  /** Play something else: an output, a render. @param {Source} source @param {number} [seconds] */
  playOther(source, seconds = 0) {
    this._player.wake();
    return this._guard(this._player.play(source, seconds));
  }

  /** Let something be heard beside: a moment, a recording, one event. @param {Source} source */
  audition(source) {
    this._aside.wake();
    return this._guard(this._aside.play(source));
  }

  /** Let the event under the playhead be heard by itself. */
  hearEvent() {
    const { model, asked } = this._session;
    const seconds = this._player.state === "stopped" ? this.cue : this._player.playhead;
    return model ? this.audition(eventSource(model, asked, seconds)) : Promise.resolve(null);
  }

  /** @returns {Source} */
  _source() {
    return { ...previewSource(/** @type {string} */ (this._session.model), this._session.asked), key: this.key };
  }

  /** @param {"input"|"commit"} phase */
  _follow(phase) {
    const mayBeHeard = this._player.context ?? navigator.userActivation?.isActive;
    if (!this.hearsChanges || !this._session.model || !mayBeHeard || this.key === this._asked) return;
    if (phase === "input") this._runSoon();
    else this._runAtRest();
  }

  /** Ask now, or, where the last question was just asked, once no more changes come. */
  _runAtRest() {
    window.clearTimeout(this._timer);
    this._timer = 0;
    if (performance.now() - this._askedAt > 2 * REST_MS) this._run();
    else this._timer = window.setTimeout(() => this._run(), REST_MS);
  }

  /** Ask once more, when the last question is answered and a pause is over. */
  _runSoon() {
    this._isWanted = true;
    if (this._isBusy || this._timer) return;
    const pause = this._player.state === "playing" ? PAUSE_MS : EVENT_PAUSE_MS;
    const wait = pause - (performance.now() - this._askedAt);
    if (wait <= 0) this._run();
    else this._timer = window.setTimeout(() => this._run(), wait);
  }

  /** Ask now; this overtakes what was asked before. */
  async _run() {
    window.clearTimeout(this._timer);
    if (this.key === this._asked) return;
    const run = ++this._runs;
    this._timer = 0;
    this._askedAt = performance.now();
    this._asked = this.key;
    this._isWanted = false;
    this._isBusy = true;
    await this._renew();
    if (run !== this._runs) return;
    this._askedAt = performance.now(); // what came in is heard for a while
    this._isBusy = false;
    if (this._isWanted) this._runSoon();
  }

  /** Let what is heard come in as it is now. */
  async _renew() {
    if (this._player.state !== "playing") return this.hearEvent();
    const source = this._source();
    return this._keep(source, await this._guard(this._player.replace(source)));
  }

  /**
   * Keep a take to play it again as long as nothing changes.
   * @param {Source} source @param {import("./take.js").Take|null} take
   */
  _keep(source, take) {
    const isShort = (source.total ?? 0) <= KEPT_SECONDS * SAMPLE_RATE;
    if (take && source.key !== undefined && isShort) this._kept = { key: source.key, take };
    return take;
  }

  /** @template T @param {Promise<T>} work @returns {Promise<T|null>} */
  _guard(work) {
    return work.catch((error) => {
      if (error?.name !== "AbortError") this._onError(error);
      return null;
    });
  }
}
