// @ts-check
/**
 * The history as far as it is looked at: pages by their cursor, of which only those around the view are kept, so that
 * ten thousand outputs need no more memory than a hundred. Event "change"; its detail says how many came in above.
 */
import { get } from "../../../core/api.js";

const PAGE = 100;
const KEPT_PAGES = 2; // before and after the one in view
const ROOM = 50; // entries that may have come since, asked for with a page
const MOST = 500; // that one question may ask for

/** @typedef {Record<string, any>} Entry */
/**
 * @typedef {object} Page
 * @property {string|null} after @property {string|null} last id of its last entry; null at the end of the history
 * @property {number} count @property {Entry[]|null} entries null where they were let go
 */

export class HistoryStore extends EventTarget {
  /** @type {Page[]} */
  #pages = [];
  #turn = 0;
  /** @type {Promise<void>|null} */
  #loading = null;

  /** @param {(error: any) => void} onError */
  constructor(onError) {
    super();
    this._onError = onError;
    this.words = "";
    this.starred = false;
    this.isLoaded = false;
  }

  /** Entries that are known of. */
  get count() {
    return this.#pages.reduce((sum, page) => sum + page.count, 0);
  }

  /** Whether there are more than are known of. */
  get hasMore() {
    return !this.#pages.length || this.#pages[this.#pages.length - 1].last !== null;
  }

  get isFiltered() {
    return Boolean(this.words) || this.starred;
  }

  /** @param {number} at @returns {Entry|null} null where it is not there now */
  entryAt(at) {
    for (const page of this.#pages) {
      if (at < page.count) return page.entries?.[at] ?? null;
      at -= page.count;
    }
    return null;
  }

  /** @param {string} id @returns {number} -1 where it is not there now */
  indexOf(id) {
    let before = 0;
    for (const page of this.#pages) {
      const at = page.entries?.findIndex((one) => one.id === id) ?? -1;
      if (at >= 0) return before + at;
      before += page.count;
    }
    return -1;
  }

  /** Show others. @param {{words?: string, starred?: boolean}} filter */
  filter({ words = this.words, starred = this.starred }) {
    if (words === this.words && starred === this.starred && this.isLoaded) return Promise.resolve();
    [this.words, this.starred] = [words, starred];
    return this.reload();
  }

  /** Begin anew from the top. */
  async reload() {
    const turn = ++this.#turn;
    const found = await this.#ask(null, PAGE);
    if (!found || turn !== this.#turn) return;
    this.#pages = [toPage(null, found)];
    this.isLoaded = true;
    this.#tell(0);
  }

  /** See to it that what is in view is there; let go of what is far away. @param {number} first @param {number} last */
  look(first, last) {
    const [from, to] = [this.#pageOf(first), this.#pageOf(last)];
    this.#pages.forEach((page, at) => {
      if (at < from - KEPT_PAGES || at > to + KEPT_PAGES) page.entries = null;
    });
    if (this.#loading || !this.isLoaded) return;
    const missing = this.#pages.findIndex((page, at) => at >= from && at <= to && !page.entries);
    if (missing >= 0) this.#loading = this.#load(missing);
    else if (this.hasMore && last >= this.count - 1) this.#loading = this.#load(this.#pages.length);
  }

  /** Something has changed: look again at what is there. */
  async refresh() {
    if (!this.isLoaded) return this.reload();
    const turn = this.#turn;
    let above = 0;
    for (const [at, page] of [...this.#pages.entries()].filter(([, one]) => one.entries)) {
      const found = await this.#ask(page.after, Math.min(MOST, page.count + ROOM));
      if (!found || turn !== this.#turn) return;
      const again = cut(page, found);
      if (!again) return this.reload();
      if (at === 0) above = again.count - page.count;
      this.#pages[at] = again;
    }
    this.#tell(above);
  }

  /** An entry is known to be otherwise. @param {Entry} entry */
  put(entry) {
    for (const page of this.#pages) {
      const at = page.entries?.findIndex((one) => one.id === entry.id) ?? -1;
      if (at >= 0) /** @type {Entry[]} */ (page.entries)[at] = entry;
    }
    this.#tell(0);
  }

  /** @param {number} at */
  async #load(at) {
    const turn = this.#turn;
    const page = this.#pages[at];
    const after = page ? page.after : this.#pages[at - 1].last;
    const found = await this.#ask(after, page ? Math.min(MOST, page.count + ROOM) : PAGE);
    this.#loading = null;
    if (!found || turn !== this.#turn) return;
    this.#pages[at] = (page && cut(page, found)) ?? toPage(after, found);
    this.#tell(0);
  }

  /** @param {number} at */
  #pageOf(at) {
    let page = 0;
    while (page < this.#pages.length - 1 && at >= this.#pages[page].count) at -= this.#pages[page++].count;
    return page;
  }

  /** @param {string|null} after @param {number} count */
  async #ask(after, count) {
    const query = { words: this.words.trim(), starred: this.starred || undefined, after, count };
    return get("/api/history", query).catch((error) => (this._onError(error), null));
  }

  /** @param {number} above */
  #tell(above) {
    this.dispatchEvent(new CustomEvent("change", { detail: above }));
  }
}

/** @param {string|null} after @param {{history: Entry[], next: string|null}} found @returns {Page} */
const toPage = (after, { history, next }) => ({ after, last: next, count: history.length, entries: history });

/**
 * A page as it is now: it still ends where it ended.
 * @param {Page} page @param {{history: Entry[], next: string|null}} found
 * @returns {Page|null} null where so much has come that its end was not reached
 */
function cut(page, found) {
  if (page.last === null) return found.next === null ? toPage(page.after, found) : null;
  const last = numberOf(page.last);
  const entries = found.history.filter((one) => one.number >= last);
  if (entries.length === found.history.length && found.next !== null && numberOf(found.next) > last) return null;
  return { ...page, count: entries.length, entries };
}

/** @param {string} id */
const numberOf = (id) => Number.parseInt(id, 10);
