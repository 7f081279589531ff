// @ts-check
/**
 * Recordings on their way into a data set: chosen or dropped here, sent one request a file, two at once. What is
 * refused is kept with the program's reason, and the good ones go on. Events: "change", "settled".
 */
import { GONE, part, upload } from "../../core/api.js";
import { chooseSounds, collectFiles } from "../../logic/drop-entries.js";
import { UploadQueue } from "../../logic/upload-queue.js";

/** @typedef {{name: string, size: number, file: File, set: string}} Item */
/** @typedef {{name: string, reason: string}} Refusal */

const TOGETHER = 2;

export class Intake extends EventTarget {
  /** @type {UploadQueue<Item, {recording: string, known: boolean}>|null} */
  #queue = null;
  /** @type {Refusal[]} */
  refused = [];
  /** @type {string[]} names of files in folders that are no sound */
  ignored = [];

  /**
   * @param {import("../../core/app.js").App} app
   * @param {import("./open-set.js").OpenSet} set
   * @param {import("./changes.js").Changes} changes
   */
  constructor(app, set, changes) {
    super();
    this._app = app;
    this._set = set;
    this._changes = changes;
  }

  get isBusy() {
    return this.#queue?.isBusy ?? false;
  }

  /** @returns {import("../../logic/upload-queue.js").Progress|null} */
  get progress() {
    return this.isBusy ? (this.#queue?.progress ?? null) : null;
  }

  /**
   * Take what was chosen or dropped: into the set that is open if it keeps its recordings itself, else into a new one.
   * @param {import("../../logic/drop-entries.js").Dropped[]} dropped
   */
  async take(dropped) {
    const { found, folders } = await collectFiles(dropped);
    const { recording_suffixes: readable, other_sound_suffixes: others } = this._app.words;
    const { taken, ignored } = chooseSounds(found, [...readable, ...others]);
    this.ignored.push(...ignored);
    if (!taken.length) {
      this._app.say(found.length ? "There are no recordings among these files" : "There are no files in it");
      return;
    }
    const { current } = this._set;
    const fits = current && !current.folder && !current.problem;
    const set = fits ? current : await this._app.attempt(this._set.create(folders.length === 1 ? folders[0] : null));
    if (!set) return;
    this.#begin().add(taken.map(({ file, name }) => ({ name, size: file.size, file, set: set.id })));
  }

  /** Send nothing more. */
  stop() {
    this.#queue?.stop();
  }

  /** Forget what was refused. */
  dismiss() {
    [this.refused, this.ignored] = [[], []];
    this.#tell("change");
  }

  /** @returns {UploadQueue<Item, {recording: string, known: boolean}>} the one that is under way, or a new one */
  #begin() {
    if (this.#queue?.isBusy) return this.#queue;
    const queue = new UploadQueue(send, {
      together: TOGETHER,
      onChange: () => this.#tell("change"),
      isFatal: (error) => error?.code === GONE || error?.status === 401,
    });
    this.#queue = queue;
    window.setTimeout(() => queue.settle().then(() => this.#settle(queue)), 0);
    return queue;
  }

  /** @param {UploadQueue<Item, {recording: string, known: boolean}>} queue */
  #settle({ sent, refused }) {
    const fresh = sent.filter(({ answer }) => !answer.known);
    this.refused.push(...refused.map(({ item, error }) => ({ name: item.name, reason: reasonOf(error, item.name) })));
    for (const set of new Set(fresh.map(({ item }) => item.set))) {
      this._changes.added(
        set,
        fresh.filter(({ item }) => item.set === set).map(({ answer }) => answer.recording),
      );
    }
    this.#queue = null;
    if (sent.length)
      this._app.say(
        words(fresh.length, sent.length - fresh.length),
        fresh.length ? { words: "Undo", run: () => this._app.undo() } : undefined,
      );
    this.#tell("change");
    this.#tell("settled");
  }

  /** @param {string} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }
}

/** @param {Item} item @param {AbortSignal} signal */
const send = ({ file, name, set }, signal) =>
  upload("PUT", `/api/sets/${part(set)}/files`, file.name === name ? file : new File([file], name), signal);

/** @param {any} error @param {string} name */
const reasonOf = (error, name) => String(error?.message ?? error).replace(`${name}: `, "");

/** @param {number} added @param {number} known */
function words(added, known) {
  const there = `${recordings(known)} ${known === 1 ? "was" : "were"} there already`;
  if (!added) return there;
  return `${recordings(added)} added${known ? `, ${there.toLowerCase()}` : ""}`;
}

/** @param {number} count */
const recordings = (count) => (count === 1 ? "One recording" : `${count} recordings`);
