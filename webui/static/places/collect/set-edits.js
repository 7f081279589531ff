// @ts-check
/**
 * Changes to a data set: each shows at once where it can, is sent after those before it, and its answer counts last.
 */
import { get, part, patch, remove } from "../../core/api.js";

/** @typedef {import("../../logic/recordings.js").Recording} Recording */
/**
 * @typedef {{made: string[], replaced: string[]}} Mended ids of what was made, and by which what it replaces is put
 *     back
 */

/** @param {string} set */
const address = (set) => `/api/sets/${part(set)}`;

export class SetEdits {
  #count = 0;
  /** @type {Promise<any>} */
  #last = Promise.resolve();

  /** @param {import("./open-set.js").OpenSet} set */
  constructor(set) {
    this._set = set;
  }

  /** Whether changes are on their way, which what the program says does not know of. */
  get isBusy() {
    return this.#count > 0;
  }

  /**
   * Take recordings in, or leave them out.
   * @param {string} set
   * @param {string[]} ids
   * @param {boolean} included
   */
  include(set, ids, included) {
    const wanted = new Set(ids);
    const changed = (/** @type {Recording} */ one) => (wanted.has(one.id) ? { ...one, included } : one);
    const { current } = this._set;
    if (current?.id === set) this._set.take({ ...current, recordings: current.recordings.map(changed) });
    return this.#edit(set, async () => {
      const { recordings } = this._set.current?.id === set ? this._set.current : await get(address(set));
      const out = recordings.map(changed).filter((/** @type {Recording} */ one) => !one.included);
      return patch(address(set), { left_out: out.map((/** @type {Recording} */ one) => one.id) });
    });
  }

  /** @param {string} set @param {string} name */
  rename(set, name) {
    return this.#edit(set, () => patch(address(set), { name }));
  }

  /**
   * Take recordings out of a set that keeps its own.
   * @param {string} set
   * @param {string[]} ids
   * @returns {Promise<string[]>} by which they are put back
   */
  async remove(set, ids) {
    const { current } = this._set;
    const stays = (/** @type {Recording} */ { id }) => !ids.includes(id);
    if (current?.id === set) this._set.take({ ...current, recordings: current.recordings.filter(stays) });
    /** @type {string[]} */
    const removed = [];
    await this.#edit(set, async () => {
      for (const id of ids) removed.push((await remove(`${address(set)}/recordings/${part(id)}`)).id);
      return get(address(set));
    });
    return removed;
  }

  /** @param {string} set @param {string[]} removed */
  restore(set, removed) {
    return this.#edit(set, () => patch(address(set), { restore: removed }));
  }

  /**
   * Mend recordings of a set that keeps its own: others take their places.
   * @param {string} set
   * @param {string[]} ids
   * @returns {Promise<Mended>}
   */
  async mend(set, ids) {
    /** @type {any} */
    let before;
    const after = await this.#edit(set, async () => {
      before = await get(address(set));
      return patch(address(set), { mend: ids });
    });
    const had = new Set(idsOf(before.recordings));
    const gone = new Set(idsOf(before.removed));
    return {
      made: idsOf(after.recordings).filter((id) => !had.has(id) || ids.includes(id)),
      replaced: idsOf(after.removed).filter((id) => !gone.has(id)),
    };
  }

  /**
   * Send a change after those before it; its answer counts when no other follows.
   * @param {string} set
   * @param {() => Promise<any>} work
   */
  async #edit(set, work) {
    this.#count += 1;
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    try {
      const answer = await done;
      if (this.#count === 1 && this._set.id === set) this._set.take(answer);
      return answer;
    } finally {
      this.#count -= 1;
      if (!this.#count) this._set.refresh();
    }
  }
}

/** @param {{id: string}[]} some @returns {string[]} */
const idsOf = (some) => some.map(({ id }) => id);
