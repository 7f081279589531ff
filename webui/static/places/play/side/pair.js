// @ts-check
/**
 * Two outputs to be compared: kept as A and B, equally loud, side by side at one playhead. Event "pair" after every
 * change; "heard" when the other one is heard.
 */
import { openSound, post } from "../../../core/api.js";
import { outputSource } from "../../../core/sources.js";
import { receive, Take } from "../../../core/take.js";

const LONGEST_SECONDS = 180; // of an output that is held, to switch and seek at once: 69 MB in stereo
const LEAST_SECONDS = 0.3; // that are left of a side; with less it begins again

/** @typedef {Record<string, any>} Entry */
/** @typedef {"a"|"b"} Side */

export const SIDES = /** @type {Side[]} */ (["a", "b"]);

export class Pair extends EventTarget {
  #turn = 0;
  /** @type {Promise<void>} */
  #measured = Promise.resolve();

  /** @param {import("../play.js").Play} play */
  constructor(play) {
    super();
    this._play = play;
    /** @type {{a: Entry|null, b: Entry|null}} */
    this.kept = { a: null, b: null };
    /** @type {Record<string, any>|null} what the program says of the two */
    this.comparison = null;
    this.isMeasuring = false;
    this.problem = "";
    /** @type {Map<string, Take>} by output */
    this._takes = new Map();
  }

  get isWhole() {
    return Boolean(this.kept.a && this.kept.b);
  }

  /** Which side an output is kept as: "A", "B" or "". @param {string} id */
  sideOf(id) {
    return SIDES.filter((side) => this.kept[side]?.id === id)
      .map((side) => side.toUpperCase())
      .join("");
  }

  /** The side that is on. @returns {Side|null} */
  get heard() {
    const { entry } = this._play.deck.on;
    return entry ? (SIDES.find((side) => this.kept[side]?.id === entry.id) ?? null) : null;
  }

  /** @param {Side} side @param {Entry} entry */
  keep(side, entry) {
    const other = side === "a" ? "b" : "a";
    this.kept = { ...this.kept, [side]: entry };
    if (this.kept[other]?.id === entry.id) this.kept[other] = null;
    this._play.deck.pair = [];
    this.comparison = null;
    this.problem = "";
    this.#measured = this.isWhole ? this.#measure() : Promise.resolve();
    this.#hold();
    this.#tell("pair");
    this._play.app.say(`Output ${entry.number} is kept as ${side.toUpperCase()}`);
  }

  /**
   * Let a side be heard where the other one is; from the playhead on, if nothing plays.
   * @param {Side} side @param {boolean} [openly] whether the place may show which one it is
   */
  async hear(side, openly = true) {
    const { deck, app } = this._play;
    const { a, b } = this.kept;
    if (!a || !b) return;
    app.player.wake();
    const at = SIDES.indexOf(side);
    const { seconds, settings } = side === "a" ? a : b;
    const isLeft = settings.loop || deck.playhead < seconds - LEAST_SECONDS;
    if (isLeft && this.#isRunning) {
      if (openly) deck.switchTo(at);
      else deck.player.switchTo(at);
      if (deck.player.state === "paused") deck.player.resume();
      if (deck.player.heard === at) return this.#tell("heard");
    }
    await this.#measured;
    const takes = [a, b].map((entry) => this._takes.get(entry.id));
    await deck.playPair([a, b], { seconds: isLeft ? deck.playhead : 0, heard: at, gains: this.gains, takes });
    this.#tell("heard");
  }

  /** Whether both play side by side, or are held there. */
  get #isRunning() {
    const { deck } = this._play;
    const { a, b } = this.kept;
    return deck.pair[0]?.id === a?.id && deck.pair[1]?.id === b?.id && deck.player.state !== "stopped";
  }

  /** Change over to the other side. */
  switch() {
    return this.hear(this.heard === "a" ? "b" : "a");
  }

  /** Linear gains that make both equally loud. @returns {[number, number]} */
  get gains() {
    const of = (/** @type {Side} */ side) => 10 ** ((this.comparison?.[side].gain_db ?? 0) / 20);
    return [of("a"), of("b")];
  }

  /** Hold the sound of both, and of no others. */
  #hold() {
    const kept = SIDES.map((side) => this.kept[side]).filter((one) => one !== null);
    for (const id of this._takes.keys()) if (!kept.some((one) => one.id === id)) this._takes.delete(id);
    for (const entry of kept) if (!this._takes.has(entry.id) && entry.seconds <= LONGEST_SECONDS) this.#fetch(entry);
  }

  /** @param {Entry} entry */
  async #fetch(entry) {
    const source = outputSource(entry);
    const sound = await openSound(source.open(0).path).catch(() => null);
    if (!sound || !this.sideOf(entry.id)) return; // it is asked for again when it is heard
    const take = new Take({ ...sound, total: source.total });
    this._takes.set(entry.id, take);
    receive(sound, take);
  }

  async #measure() {
    const turn = ++this.#turn;
    const { a, b } = /** @type {{a: Entry, b: Entry}} */ (this.kept);
    this.isMeasuring = true;
    const found = await post("/api/compare", { a: a.id, b: b.id }).catch((error) => error);
    if (turn !== this.#turn) return;
    this.isMeasuring = false;
    if (found instanceof Error) this.problem = found.message;
    else this.comparison = found;
    this.#tell("pair");
  }

  /** @param {string} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }
}
