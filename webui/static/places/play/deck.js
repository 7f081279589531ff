// @ts-check
/**
 * The deck holds what is on: the sound that is explored, an output of the history, a render under way, or a pair that
 * is compared. All of Play starts and stops sound here, and learns from here what is heard.
 *
 * Events: "on" (something else is on, or more is known of it), "state" (plays, pauses, waits, stops), "frame" (the
 * playhead may have moved), "take" (another take is heard).
 */
import { jobSource, outputSource } from "../../core/sources.js";
import { SAMPLE_RATE } from "../../core/take.js";
import { Frames } from "./frames.js";
import { ofEntry, ofSession, waitForFindings } from "./what-is-on.js";

/** @typedef {Record<string, any>} Entry of the history */
/** @typedef {import("../../core/take.js").Take} Take */

export class Deck extends EventTarget {
  #opening = 0; // turn of what is awaited
  #turn = 0;
  /**
   * @type {{of: string, take: import("../../core/take.js").Take|null}} an output that was heard: it is not asked for
   * twice
   */
  #kept = { of: "", take: null };

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    super();
    this._app = app;
    this.on = ofSession(app.session);
    /** @type {Entry[]} outputs that are compared */
    this.pair = [];
    this.frames = new Frames(app.player, () => this.dispatchEvent(new Event("frame")));
    this.heardKey = ""; // of the preview that was heard last
    this.isReplacement = false;
    const { player, session } = app;
    player.addEventListener("take", () => this.#take());
    for (const name of ["state", "seek"]) player.addEventListener(name, () => this.#changed());
    player.addEventListener("ended", () => this.#cue(0));
    for (const name of ["change", "model"]) session.addEventListener(name, () => this.#explore());
  }

  get player() {
    return this._app.player;
  }

  /** Whether it sounds, or is about to. */
  get isPlaying() {
    return this.player.state === "playing" || this.#opening > 0;
  }

  /** Whether sound is awaited. */
  get isWaiting() {
    return this.#opening > 0 || this.player.isWaiting;
  }

  /** Seconds in what is on. */
  get playhead() {
    return this.player.state === "stopped" ? this._app.exploring.cue : this.player.playhead;
  }

  /** How long what is on is, seconds; null while nobody knows. */
  get seconds() {
    if (this.player.state !== "stopped" && this.player.seconds) return this.player.seconds;
    if (this.on.entry) return this.on.entry.seconds;
    return this.on.settings.one_shot ? null : this.on.settings.duration;
  }

  /** Whether something was changed since this was heard. */
  get isStale() {
    return this.on.kind === "preview" && this.heardKey !== this._app.exploring.key;
  }

  /** Play, or hold. */
  toggle() {
    if (this.#opening) return this.stop();
    if (this.player.state === "playing") return this.player.pause();
    if (this.player.state === "paused" && !this.isStale) return this.player.resume();
    return this.play(this.playhead);
  }

  /** Play what is on. @param {number} [seconds] */
  play(seconds = 0) {
    const { exploring } = this._app;
    const { entry } = this.on;
    if (!entry) return this.#open(() => exploring.play(seconds));
    const { of, take: kept } = this.#kept;
    const take = of === entry.id && kept?.isWhole && !kept.first ? kept : undefined;
    return this.#open(() => exploring.playOther({ ...outputSource(entry), take }, seconds));
  }

  /** Play an output of the history. @param {Entry} entry @param {number} [seconds] */
  playOutput(entry, seconds = 0) {
    this.#put(ofEntry(entry));
    return this.play(seconds);
  }

  /** Hear a render while it is made. @param {string} job @param {Record<string, any>} settings */
  playMaking(job, settings) {
    this.#put({ ...ofSession(this._app.session), kind: "making", settings });
    return this.#open(() => this._app.exploring.playOther(jobSource(job, settings)));
  }

  /** A render has become an output; what sounds goes on. @param {Entry} entry @param {string[]} notes */
  becomeOutput(entry, notes) {
    if (this.on.kind !== "making") return;
    this.#put(ofEntry(entry, notes));
    this.#kept.of = entry.id;
  }

  /**
   * Play two outputs side by side, one of which is heard.
   * @param {[Entry, Entry]} entries
   * @param {{seconds?: number, heard?: number, gains?: number[], takes?: (Take|undefined)[]}} [how] takes that are there
   */
  playPair(entries, { seconds = 0, heard = 0, gains = [1, 1], takes = [] } = {}) {
    const sources = /** @type {[any, any]} */ (
      entries.map((entry, at) => ({ ...outputSource(entry, { gain: gains[at] }), take: takes[at] }))
    );
    this.pair = entries;
    this.#put(ofEntry(entries[heard]));
    return this.#open(() => this._app.attempt(this.player.playPair(sources, seconds, heard)));
  }

  /** Hear the other one of a pair at the same playhead. @param {number} heard 0 or 1 */
  switchTo(heard) {
    if (this.pair[heard]) this.#put(ofEntry(this.pair[heard]));
    this.player.switchTo(heard);
  }

  /** @param {number} seconds */
  seek(seconds) {
    const { player } = this;
    const isThere = (player.take?.available(Math.round(seconds * SAMPLE_RATE)) ?? 0) > 0;
    if (player.state === "playing" || (player.state === "paused" && isThere))
      return this._app.attempt(player.seek(seconds));
    if (player.state === "paused") player.stop();
    return this.#cue(seconds);
  }

  stop() {
    this.#opening = 0;
    this.player.stop();
  }

  /** @param {import("./what-is-on.js").On} on */
  #put(on) {
    this.on = on;
    this.dispatchEvent(new Event("on"));
  }

  /** A setting was changed: from now on what is explored is on. */
  #explore() {
    const { novelty, notes } = this.on.kind === "preview" ? this.on : ofSession(this._app.session);
    this.#put({ ...ofSession(this._app.session), novelty, notes });
  }

  /** @param {number} seconds */
  #cue(seconds) {
    this._app.exploring.cue = seconds;
    this.#changed();
  }

  /** @param {() => Promise<any>} work */
  async #open(work) {
    const turn = (this.#opening = ++this.#turn);
    this.#changed();
    await work();
    if (this.#opening === turn) this.#opening = 0;
    this.#changed();
  }

  #take() {
    const { source, take } = this.player;
    if (!take || !source) return;
    this.isReplacement = !this.#opening; // it came in at the playhead of what was heard
    this.#opening = 0;
    if (source.key) this.#hear(take, source);
    else this.#kept = { of: this.on.entry?.id ?? "", take };
    this.dispatchEvent(new Event("take"));
    this.#changed();
  }

  /**
   * A preview is heard; what is new in it is known at its end.
   * @param {Take} take @param {import("../../core/player.js").Source} source
   */
  async #hear(take, source) {
    this.heardKey = /** @type {string} */ (source.key);
    this.#explore();
    const found = source.asked ? await waitForFindings(take, source.asked) : null;
    if (found && this.on.kind === "preview" && this.heardKey === source.key) this.#put({ ...this.on, ...found });
  }

  #changed() {
    this.dispatchEvent(new Event("state"));
    this.frames.look();
  }
}
