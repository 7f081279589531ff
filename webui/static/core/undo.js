// @ts-check
/**
 * Undo and redo for everything that changes something: what is done can be taken back, and done again.
 * Pure but for what the steps themselves do.
 */

export const MOST_STEPS = 200;
const TOGETHER_MS = 600; // steps with the same key within this time become one: a drag, a word that is typed

/**
 * @typedef {object} Step
 * @property {string} words what it did: "Move brightness"
 * @property {() => any} undo takes it back; may be slow
 * @property {() => any} redo does it again
 * @property {string} [key] steps of the same key that follow each other at once become one
 */

export class History {
  /** @param {() => void} [onChange] @param {() => number} [clock] milliseconds */
  constructor(onChange = () => {}, clock = () => performance.now()) {
    this._onChange = onChange;
    this._clock = clock;
    /** @type {(Step & {at: number})[]} */
    this._done = [];
    /** @type {(Step & {at: number})[]} */
    this._undone = [];
    this._busy = Promise.resolve();
  }

  /** Take note of something that was done. @param {Step} step */
  add(step) {
    const at = this._clock();
    const last = this._done[this._done.length - 1];
    if (step.key && last?.key === step.key && at - last.at < TOGETHER_MS && !this._undone.length) {
      this._done[this._done.length - 1] = { ...last, redo: step.redo, at };
    } else {
      this._done = [...this._done, { ...step, at }].slice(-MOST_STEPS);
    }
    this._undone = [];
    this._onChange();
  }

  /** Do something now, and take note of it. @param {Step} step */
  async do(step) {
    const result = await step.redo();
    this.add(step);
    return result;
  }

  /** Words for what would be taken back; null if there is nothing. */
  get undoWords() {
    return this._done[this._done.length - 1]?.words ?? null;
  }

  /** Words for what would be done again. */
  get redoWords() {
    return this._undone[this._undone.length - 1]?.words ?? null;
  }

  /** Take the last step back; steps wait for each other. @returns {Promise<string|null>} its words */
  undo() {
    return this._move("undo");
  }

  /** Do the last step again that was taken back. @returns {Promise<string|null>} its words */
  redo() {
    return this._move("redo");
  }

  /** @param {"undo"|"redo"} way @returns {Promise<string|null>} */
  _move(way) {
    const moved = this._busy.then(async () => {
      const [from, to] = way === "undo" ? [this._done, this._undone] : [this._undone, this._done];
      const step = from[from.length - 1];
      if (!step) return null;
      try {
        await step[way]();
      } catch (error) {
        if (/** @type {any} */ (error)?.status >= 400) from.pop(); // what it was about is gone; steps before it are not
        this._onChange();
        throw error;
      }
      from.pop();
      to.push({ ...step, at: -Infinity });
      this._onChange();
      return step.words;
    });
    this._busy = moved.then(
      () => undefined,
      () => undefined,
    );
    return moved;
  }
}
