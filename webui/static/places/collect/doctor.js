// @ts-check
/**
 * The doctor comes by himself: when recordings have settled in, and when files of a set are new or changed. A look that
 * failed is not tried again until something has changed, or a person asks.
 */
import { changesWords } from "../../logic/recordings.js";

const FILES_MS = 4_000; // between two looks at a folder of the person, which other programs change

export class Doctor {
  /** @type {Map<string, string>} what a set was like when it was examined last */
  #tried = new Map();

  /**
   * @param {import("../../core/app.js").App} app
   * @param {import("./open-set.js").OpenSet} set
   * @param {import("./intake.js").Intake} intake
   */
  constructor(app, set, intake) {
    this._app = app;
    this._set = set;
    this._intake = intake;
    set.addEventListener("set", () => this.look());
    intake.addEventListener("settled", () => set.refresh(0));
    app.state.on("sets", () => set.refresh(intake.isBusy ? 800 : undefined));
    for (const what of ["focus", "visibilitychange"])
      window.addEventListener(what, () => this.#isSeen() && set.refresh());
    window.setInterval(() => set.current?.folder && this.#isSeen() && set.refresh(), FILES_MS);
  }

  /** The job that examines the open set, while it does. @returns {Record<string, any>|null} */
  get job() {
    const { current } = this._set;
    const job = current?.examining ? this._app.state.job(current.examining) : null;
    return job && ["waiting", "running", "stopping"].includes(job.state) ? job : null;
  }

  /** Examine the open set if there is something that nobody has looked at. */
  look() {
    const { current } = this._set;
    if (!current || current.examining || current.problem || this._intake.isBusy) return;
    const open = current.recordings.filter(({ state }) => state === "unknown" || state === "changed");
    const mark = open.map(({ id, state }) => id + state).join();
    if (!mark || this.#tried.get(current.id) === mark) return;
    this.#tried.set(current.id, mark);
    if (current.folder && current.examined)
      this._app.say(`The folder has changed: ${changesWords(current.recordings)}. It is examined again`);
    this.examine();
  }

  /** Examine the open set. */
  async examine() {
    const { id } = this._set;
    const job = id && (await this._app.attempt(this._set.examine(id)));
    if (!job) return;
    const ended = await this._app.state.untilEnded(job.id);
    if (ended.error && ended.state !== "cancelled") this._app.fail(ended.error);
    this._set.refresh(0);
  }

  #isSeen() {
    return !document.hidden && this._app.place === "collect";
  }
}
