// @ts-check
/**
 * The program's work, asked for again and again, and told to all who want to know: jobs as they go on, and
 * which nouns (models, history, presets, sets, trash, preferences) have changed, so that only those are fetched anew.
 */
import { ApiError, get } from "./api.js";

const BUSY_MS = 300; // between two questions while a job runs
const CALM_MS = 1000;
const HIDDEN_MS = 4000;

const CUT_OFF = { code: "interrupted", message: "The program began anew before this was done. Do it once more." };

/** @typedef {Record<string, any>} Job */

export class ProgramState {
  constructor() {
    /** @type {Job[]} */
    this.jobs = [];
    this.lost = false;
    this.closing = false;
    this._version = 0;
    /** @type {Record<string, number>} */
    this._revisions = {};
    /** @type {Map<string, Set<Function>>} */
    this._listeners = new Map();
    this._timer = 0;
  }

  /**
   * Be told of a change: a noun, "jobs", "lost" (nobody answers, or somebody does again), "closing" (the window was
   * asked to close, or not any more) or "notice".
   * @param {string} what @param {Function} listener @returns {() => void} ends it
   */
  on(what, listener) {
    const some = this._listeners.get(what) ?? new Set();
    this._listeners.set(what, some.add(listener));
    return () => some.delete(listener);
  }

  /** Begin to ask. */
  start() {
    document.addEventListener("visibilitychange", () => this.ask());
    return this.ask();
  }

  /** Ask now: after something was done, so that its effect is seen at once. */
  async ask() {
    window.clearTimeout(this._timer);
    const asked = (this._asked = (this._asked ?? 0) + 1);
    try {
      const found = await get("/api/state", { since: this._version });
      if (asked !== this._asked) return;
      this._take(found);
      this._setLost(false);
    } catch (error) {
      if (asked !== this._asked) return;
      this._setLost(error instanceof ApiError && (error.status === 0 || error.status === 401));
    }
    const pause = document.hidden ? HIDDEN_MS : this.running.length ? BUSY_MS : CALM_MS;
    this._timer = window.setTimeout(() => this.ask(), pause);
  }

  /** Jobs that have not ended. */
  get running() {
    return this.jobs.filter((job) => ["waiting", "running", "stopping"].includes(job.state));
  }

  /** @param {string} id */
  job(id) {
    return this.jobs.find((job) => job.id === id) ?? null;
  }

  /**
   * Wait until a job has ended, and return it. One that is not known any more was cut off: the program began anew.
   * @param {string} id @param {(job: Job) => void} [onProgress]
   * @returns {Promise<Job>}
   */
  untilEnded(id, onProgress) {
    return new Promise((resolve) => {
      /** @type {Job|null} */
      let last = null;
      const look = () => {
        const job = this.job(id) ?? (last && { ...last, state: "interrupted", error: CUT_OFF });
        if (!job) return;
        last = job;
        onProgress?.(job);
        if (!["waiting", "running", "stopping"].includes(job.state)) {
          stop();
          resolve(job);
        }
      };
      const stop = this.on("jobs", look);
      look();
    });
  }

  /** @param {any} found */
  _take(found) {
    this._version = found.version;
    if (found.revisions) {
      const before = this._revisions;
      this._revisions = found.revisions;
      const first = Object.keys(before).length === 0;
      for (const [noun, revision] of Object.entries(found.revisions)) {
        if (noun !== "jobs" && !first && before[noun] !== revision) this._tell(noun);
      }
    }
    if (found.jobs) {
      this.jobs = found.jobs;
      this._tell("jobs", this.jobs);
    }
    if (typeof found.closing === "boolean" && found.closing !== this.closing) {
      this.closing = found.closing;
      this._tell("closing", this.closing);
    }
    for (const notice of found.notices ?? []) this._tell("notice", notice);
  }

  /** @param {boolean} lost */
  _setLost(lost) {
    if (lost === this.lost) return;
    this.lost = lost;
    this._tell("lost", lost);
  }

  /** @param {string} what @param {any} [value] */
  _tell(what, value) {
    for (const listener of this._listeners.get(what) ?? []) listener(value);
  }
}
