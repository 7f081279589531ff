// @ts-check
/** The data set that is open, and which others there are. Events: "set" (its contents), "sets" (the list). */
import { get, part, post, remove } from "../../core/api.js";
import { SetEdits } from "./set-edits.js";

/** @typedef {import("../../logic/recordings.js").Recording} Recording */
/**
 * @typedef {Record<string, any> & {id: string, name: string, folder: string|null, recordings: Recording[]}} Contents as
 *     `/api/sets/ID` has them
 */

const SOON_MS = 120;
const MOST_NUMBERS = 99; // of sets with one name

/** @param {string} id */
const address = (id) => `/api/sets/${part(id)}`;

export class OpenSet extends EventTarget {
  /** @type {Record<string, any>[]} */
  sets = [];
  /** @type {Contents|null} */
  current = null;
  isLoaded = false;
  edits = new SetEdits(this);
  #turn = 0;
  #timer = 0;

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    super();
    this._app = app;
  }

  get id() {
    return this.current?.id ?? null;
  }

  /** Open a set; without an id the one that was open last, or the latest. @param {string} [wanted] */
  async open(wanted) {
    const found = await this._app.attempt(get("/api/sets"));
    if (!found) return;
    this.sets = found.sets;
    const { page } = this._app.preferences;
    const known = (/** @type {any} */ id) => this.sets.some((one) => one.id === id);
    const id = [wanted, this.id, page?.set].find(known) ?? this.sets[0]?.id ?? null;
    if (id && page?.set !== id) this._app.prefer({ set: id });
    await this.#load(id);
    this.#tell("sets");
  }

  /** Look again, soon: several reasons to do so become one. @param {number} [after] milliseconds */
  refresh(after = SOON_MS) {
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      this.open(this.id ?? undefined);
    }, after);
  }

  /** Take contents as they are now. @param {Contents|null} contents */
  take(contents) {
    this.current = contents;
    this.isLoaded = true;
    this.#tell("set");
  }

  /**
   * Make an empty set, or one of a folder, and open it. A name that is taken gets a number.
   * @param {string|null} name
   * @param {string|null} [folder]
   * @returns {Promise<Contents>}
   */
  async create(name, folder = null) {
    for (let number = 1; ; number += 1) {
      const numbered = name && number > 1 ? `${name} ${number}` : name;
      try {
        return this.#begin(await post("/api/sets", { name: numbered, folder }));
      } catch (error) {
        if (/** @type {any} */ (error).code !== "set_exists" || !name || number >= MOST_NUMBERS) throw error;
      }
    }
  }

  /** Make the set of computed recordings, and open it. */
  async createDemo() {
    return this.#begin(await post("/api/sets/demo"));
  }

  /** Put a set into the trash, and open another one. @param {string} set */
  async delete(set) {
    await remove(address(set));
    this.current = null;
    await this.open();
  }

  /** @param {string} set */
  async restore(set) {
    await post(`${address(set)}/restore`);
    await this.open(set);
  }

  /** Let the doctor look. @param {string} set @returns {Promise<Record<string, any>>} the job */
  async examine(set) {
    const job = await post(`${address(set)}/examine`);
    if (this.current?.id === set) this.take({ ...this.current, examining: job.id });
    this._app.state.ask();
    return job;
  }

  /** @param {string|null} id */
  async #load(id) {
    const turn = ++this.#turn;
    const found = id ? await this._app.attempt(get(address(id))) : null;
    if (turn === this.#turn && !this.edits.isBusy) this.take(found);
  }

  /** @param {Contents} made */
  #begin(made) {
    this.#turn += 1;
    this.sets = [made, ...this.sets.filter(({ id }) => id !== made.id)];
    this.take(made);
    this.#tell("sets");
    return made;
  }

  /** @param {string} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }
}
