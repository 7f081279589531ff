// @ts-check
/**
 * The data set that is open, and which others there are. What is changed shows at once, is sent in order, and can be
 * taken back. Events: "set" (its contents), "sets" (the list).
 */
import { get, part, patch, post, remove } from "../../core/api.js";

/** @typedef {import("../../logic/recordings.js").Recording} Recording */
/**
 * @typedef {Record<string, any> & {id: string, name: string, folder: string|null, recordings: Recording[]}} Contents
 */

const SOON_MS = 120;

/** @param {string} id */
const address = (id) => `/api/sets/${part(id)}`;

export class OpenSet extends EventTarget {
  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    super();
    this._app = app;
    /** @type {Record<string, any>[]} */
    this.sets = [];
    /** @type {Contents|null} */
    this.current = null;
    this.isLoaded = false;
    this._turn = 0;
    this._edits = 0;
    this._timer = 0;
    /** @type {Promise<any>} */
    this._last = Promise.resolve();
  }

  get id() {
    return this.current?.id ?? null;
  }

  /** Open a set; without an id the one that was open last, or the latest. @param {string} [wanted] */
  async open(wanted) {
    const found = await this._app.attempt(get("/api/sets"));
    if (!found) return;
    this.sets = found.sets;
    const known = (/** @type {any} */ id) => this.sets.some((one) => one.id === id);
    const id = [wanted, this.id, this._app.preferences.page?.set].find(known) ?? this.sets[0]?.id ?? null;
    if (id && this._app.preferences.page?.set !== id) this._app.prefer({ set: id });
    await this._load(id);
    this._tell("sets");
  }

  /** Look again, soon: several reasons to do so become one. @param {number} [after] milliseconds */
  refresh(after = SOON_MS) {
    this._timer ||= window.setTimeout(() => {
      this._timer = 0;
      this.open(this.id ?? undefined);
    }, after);
  }

  /** @param {string|null} id */
  async _load(id) {
    const turn = ++this._turn;
    const found = id ? await get(address(id)).catch((error) => this._app.fail(error) ?? null) : null;
    if (turn !== this._turn || this._edits) return;
    this._take(found);
  }

  /** @param {Contents|null} contents */
  _take(contents) {
    this.current = contents;
    this.isLoaded = true;
    this._tell("set");
  }

  /**
   * Make an empty set, or one of a folder, and open it. A name that is taken gets a number.
   * @param {string|null} name @param {string|null} [folder] @returns {Promise<Contents>}
   */
  async create(name, folder = null) {
    for (let number = 1; ; number += 1) {
      const numbered = name && number > 1 ? `${name} ${number}` : name;
      try {
        return await this._begin(await post("/api/sets", { name: numbered, folder }));
      } catch (error) {
        if (/** @type {any} */ (error).code !== "set_exists" || !name || number > 99) throw error;
      }
    }
  }

  /** Make the set of computed recordings, and open it. */
  async createDemo() {
    return this._begin(await post("/api/sets/demo"));
  }

  /** @param {Contents} made */
  async _begin(made) {
    this._turn += 1;
    this.sets = [made, ...this.sets.filter(({ id }) => id !== made.id)];
    this._take(made);
    this._tell("sets");
    return made;
  }

  /** Take recordings in, or leave them out. @param {string} set @param {string[]} ids @param {boolean} included */
  include(set, ids, included) {
    const wanted = new Set(ids);
    const changed = (/** @type {Recording} */ one) => (wanted.has(one.id) ? { ...one, included } : one);
    if (set === this.id && this.current)
      this._take({ ...this.current, recordings: this.current.recordings.map(changed) });
    return this._edit(set, async () => {
      const { recordings } = set === this.id && this.current ? this.current : await get(address(set));
      const out = recordings.map(changed).filter((/** @type {Recording} */ one) => !one.included);
      return patch(address(set), { left_out: out.map((/** @type {Recording} */ one) => one.id) });
    });
  }

  /** @param {string} set @param {string} name */
  rename(set, name) {
    return this._edit(set, () => patch(address(set), { name }));
  }

  /**
   * Take recordings out of a set that keeps its own.
   * @param {string} set
   * @param {string[]} ids
   * @returns {Promise<string[]>} by which they are put back
   */
  async removeRecordings(set, ids) {
    const gone = new Set(ids);
    if (set === this.id && this.current)
      this._take({ ...this.current, recordings: this.current.recordings.filter(({ id }) => !gone.has(id)) });
    /** @type {string[]} */
    const removed = [];
    await this._edit(set, async () => {
      for (const id of ids) removed.push((await remove(`${address(set)}/recordings/${part(id)}`)).id);
      return get(address(set));
    });
    return removed;
  }

  /** @param {string} set @param {string[]} removed */
  restoreRecordings(set, removed) {
    return this._edit(set, () => patch(address(set), { restore: removed }));
  }

  /**
   * Mend recordings of a set that keeps its own: others take their places.
   * @param {string} set @param {string[]} ids @returns {Promise<{made: string[], replaced: string[]}>} ids of those that
   *     were made, and by which those they replace are put back
   */
  async mend(set, ids) {
    /** @type {any} */
    let before;
    const after = await this._edit(set, async () => {
      before = await get(address(set));
      return patch(address(set), { mend: ids });
    });
    const [had, gone] = [before.recordings, before.removed].map(
      (some) => new Set(some.map((/** @type {any} */ one) => one.id)),
    );
    const idsOf = (/** @type {any[]} */ some) => some.map(({ id }) => id);
    return {
      made: idsOf(after.recordings.filter((/** @type {Recording} */ { id }) => !had.has(id) || ids.includes(id))),
      replaced: idsOf(after.removed.filter((/** @type {any} */ one) => !gone.has(one.id))),
    };
  }

  /** @param {string} set */
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
    if (set === this.id && this.current) this._take({ ...this.current, examining: job.id });
    this._app.state.ask();
    return job;
  }

  /**
   * Send a change after those before it; its answer counts when no other follows.
   * @param {string} set
   * @param {() => Promise<any>} work
   */
  async _edit(set, work) {
    this._edits += 1;
    const done = this._last.then(work);
    this._last = done.catch(() => undefined);
    try {
      const answer = await done;
      if (this._edits === 1 && set === this.id) this._take(answer);
      return answer;
    } finally {
      this._edits -= 1;
      if (!this._edits) this.refresh();
    }
  }

  /** @param {string} what */
  _tell(what) {
    this.dispatchEvent(new Event(what));
  }
}
