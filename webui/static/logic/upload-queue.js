// @ts-check
/**
 * Sends files one by one, a few at once. One that is refused is noted with its reason, and the others go on; where
 * nobody answers, all that wait are noted so. Pure.
 */

/**
 * @typedef {object} Progress
 * @property {number} count files in all
 * @property {number} done sent, known or refused
 * @property {number} share 0 to 1, by bytes
 * @property {string} name of the file that was begun last
 */

/**
 * @template {{name: string, size: number}} Item
 * @template Answer
 */
export class UploadQueue {
  /**
   * @param {(item: Item, signal: AbortSignal) => Promise<Answer>} send
   * @param {{together?: number, onChange?: () => void, isFatal?: (error: any) => boolean}} [options]
   *     after a fatal error nothing more is sent: nobody answers
   */
  constructor(send, { together = 2, onChange = () => {}, isFatal = () => false } = {}) {
    this._send = send;
    this._together = together;
    this._onChange = onChange;
    this._isFatal = isFatal;
    this._abort = new AbortController();
    /** @type {Item[]} */
    this._waiting = [];
    this._running = 0;
    this._bytes = { all: 0, done: 0 };
    /** @type {(() => void)[]} */
    this._listeners = [];
    /** @type {Progress} */
    this.progress = { count: 0, done: 0, share: 0, name: "" };
    /** @type {{item: Item, answer: Answer}[]} */
    this.sent = [];
    /** @type {{item: Item, error: any}[]} */
    this.refused = [];
  }

  /** @param {Item[]} items */
  add(items) {
    this._waiting.push(...items);
    this._bytes.all += items.reduce((sum, { size }) => sum + size + 1, 0);
    this.progress.count += items.length;
    this._fill();
    this._tell();
  }

  get isBusy() {
    return this._running > 0 || this._waiting.length > 0;
  }

  /** Send nothing more; what is under way is broken off. */
  stop() {
    this._waiting = [];
    this._abort.abort();
    this._tell();
  }

  /** Done when everything has been sent, refused or broken off. @returns {Promise<void>} */
  settle() {
    return this.isBusy ? new Promise((resolve) => this._listeners.push(resolve)) : Promise.resolve();
  }

  _fill() {
    while (this._running < this._together && this._waiting.length && !this._abort.signal.aborted) {
      this._running += 1;
      this._one(/** @type {Item} */ (this._waiting.shift()));
    }
  }

  /** @param {Item} item */
  async _one(item) {
    this.progress.name = item.name;
    try {
      this.sent.push({ item, answer: await this._send(item, this._abort.signal) });
    } catch (error) {
      if (!this._abort.signal.aborted) this.refused.push({ item, error });
      if (this._isFatal(error)) this.refused.push(...this._waiting.splice(0).map((left) => ({ item: left, error })));
    }
    this._running -= 1;
    this._bytes.done += item.size + 1;
    this._fill();
    this._tell();
  }

  _tell() {
    this.progress.done = this.sent.length + this.refused.length;
    this.progress.share = this._bytes.all ? this._bytes.done / this._bytes.all : 0;
    this._onChange();
    if (!this.isBusy) this._listeners.splice(0).forEach((resolve) => resolve());
  }
}
