// @ts-check
/** Changes of a data set, each with its words, and with the way back. */

const FOREIGN = "These recordings are in a folder of yours, and stay there. Leave out what the model is not to learn.";

/** @param {string[]} names */
const named = (names) => (names.length === 1 ? names[0] : `${names.length} recordings`);

export class Changes {
  /** @param {import("../../core/app.js").App} app @param {import("./open-set.js").OpenSet} set */
  constructor(app, set) {
    this._app = app;
    this._set = set;
  }

  /**
   * Take recordings in, or leave them out.
   * @param {{id: string, name: string}[]} recordings
   * @param {boolean} included
   */
  include(recordings, included) {
    const { id } = this._set;
    if (!id || !recordings.length) return null;
    const ids = recordings.map((one) => one.id);
    const words = `${included ? "Take in" : "Leave out"} ${named(recordings.map(({ name }) => name))}`;
    const set = (/** @type {boolean} */ to) => this._set.edits.include(id, ids, to);
    return this._do(
      words,
      () => set(!included),
      () => set(included),
    );
  }

  /** Leave out what the doctor advises to leave out. @param {string[]} ids */
  leaveOut(ids) {
    const wanted = new Set(ids);
    const recordings = (this._set.current?.recordings ?? []).filter((one) => wanted.has(one.id) && one.included);
    this.include(recordings, false);
    this._offer(`${named(recordings.map(({ name }) => name))} left out`);
  }

  /** Mend what the doctor advises to mend. @param {string[]} ids */
  async mend(ids) {
    const { id } = this._set;
    if (!id) return;
    const words = ids.length === 1 ? "a recording" : `${ids.length} recordings`;
    let done = { made: /** @type {string[]} */ ([]), replaced: /** @type {string[]} */ ([]) };
    const undo = async () => {
      await this._set.edits.remove(id, done.made);
      await this._set.edits.restore(id, done.replaced);
    };
    if (await this._do(`Mend ${words}`, undo, async () => (done = await this._set.edits.mend(id, ids))))
      this._offer(`Mended ${words}`);
  }

  /** Do what the doctor advises. @param {{kind: string, recordings: string[]}} action */
  follow({ kind, recordings }) {
    if (kind === "mend") this.mend(recordings);
    else this.leaveOut(recordings);
  }

  /** Take recordings out of the set. @param {{id: string, name: string}[]} recordings */
  async remove(recordings) {
    const { id, current } = this._set;
    if (!id || !recordings.length) return;
    if (current?.folder) {
      this._app.say(FOREIGN);
      return;
    }
    const [words, ids] = [named(recordings.map(({ name }) => name)), recordings.map((one) => one.id)];
    /** @type {string[]} */
    let removed = [];
    const redo = async () => (removed = await this._set.edits.remove(id, ids));
    if (await this._do(`Remove ${words}`, () => this._set.edits.restore(id, removed), redo))
      this._offer(`Removed ${words}`);
  }

  /**
   * Take note of recordings that came in, so that they can be taken out again.
   * @param {string} set
   * @param {string[]} ids
   */
  added(set, ids) {
    if (!ids.length) return;
    /** @type {string[]} */
    let removed = [];
    this._app.history.add({
      words: `Add ${ids.length === 1 ? "a recording" : `${ids.length} recordings`}`,
      undo: async () => (removed = await this._set.edits.remove(set, ids)),
      redo: () => this._set.edits.restore(set, removed),
    });
  }

  /** @param {string} name */
  async rename(name) {
    const { id, current } = this._set;
    const before = current?.name;
    if (!id || !before || name === before) return true;
    return Boolean(
      await this._do(
        `Rename ${before}`,
        () => this._set.edits.rename(id, before),
        () => this._set.edits.rename(id, name),
      ),
    );
  }

  /** Put the set into the trash. */
  async deleteSet() {
    const { id, current } = this._set;
    if (!id || !current) return;
    const done = await this._do(
      `Delete ${current.name}`,
      () => this._set.restore(id),
      () => this._set.delete(id).then(() => true),
    );
    if (done) this._offer(`Deleted ${current.name}`);
  }

  /** @param {string} words @param {() => any} undo @param {() => any} redo */
  _do(words, undo, redo) {
    return this._app.attempt(this._app.history.do({ words, undo, redo }));
  }

  /** Say what was done, and offer the way back. @param {string} words */
  _offer(words) {
    this._app.say(words, { words: "Undo", run: () => this._app.undo() });
  }
}
