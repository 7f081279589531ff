// @ts-check
/** At the foot of the sheet: the button that writes, how far it is, and what was written. */
import { post, part } from "../../core/api.js";
import { showLeft } from "../../core/time-left.js";
import { button } from "../../parts/button.js";
import { sentence } from "../../logic/recordings.js";
import { element } from "../../parts/element.js";
import { icon } from "../../parts/icon.js";
import { Progress } from "../../widgets/progress.js";

/** @typedef {Record<string, any>} Job */
/** @typedef {{words: string, entry?: Record<string, any>, notes?: string[]}} Written */

export class Writing {
  /** @type {Job|null} */
  job = null;

  /** @param {import("../../core/app.js").App} app @param {() => Promise<Written|null>} onWrite */
  constructor(app, onWrite) {
    this._app = app;
    this._onWrite = onWrite;
    this.size = element("p", { class: "export__size" });
    this.write = button({ label: "Write file", kind: "primary", onPress: () => this.#begin() });
    this.progress = new Progress({ name: "Writing", thin: true });
    this.stage = element("span", { class: "small" });
    this.stop = button({ label: "Stop", kind: "plain", onPress: () => this.cancel() });
    this.running = element(
      "div",
      { class: "export__running", hidden: true },
      this.stage,
      this.progress.element,
      this.stop,
    );
    this.done = element("div", { class: "export__done", hidden: true, "aria-live": "polite" });
    const line = element("div", { class: "export__line" }, this.size, this.write);
    this.element = element("div", { class: "export__foot" }, this.done, this.running, line);
  }

  /** Say how large it will be. @param {string} words */
  setSize(words) {
    this.size.textContent = words;
  }

  /**
   * Begin a job, and follow it until it has ended.
   * @param {string} path @param {any} body @param {string} words while it runs
   * @returns {Promise<Job|null>} null where nothing came of it
   */
  async run(path, body, words) {
    const { state } = this._app;
    this.job = await post(path, body);
    state.ask();
    const ended = await state.untilEnded(/** @type {Job} */ (this.job).id, (job) => {
      const left = job.state === "running" && typeof job.seconds_left === "number" ? ` · ${showLeft(job)}` : "";
      this.stage.textContent = job.state === "waiting" ? "waiting" : `${words}${left}`;
      this.progress.set(job.state === "waiting" ? null : job.share, words);
    });
    this.job = null;
    if (ended.state === "cancelled") this.#say(ended.error?.message ?? "stopped");
    else if (ended.error) throw Object.assign(new Error(ended.error.message), ended.error);
    return ended.state === "done" ? ended : null;
  }

  /** Stop what is being written. */
  async cancel() {
    if (this.job) await this._app.attempt(post(`/api/jobs/${part(this.job.id)}/cancel`, { keep: false }));
    this._app.state.ask();
  }

  async #begin() {
    this.write.disabled = true;
    this.running.hidden = false;
    this.done.hidden = true;
    this.progress.set(null);
    const found = await this._onWrite().catch((error) => this.#refuse(error));
    this.write.disabled = false;
    this.running.hidden = true;
    if (found) this.#tell(found);
  }

  /** Say why nothing was written: here, while the sheet lies over everything else. @param {Error} error */
  #refuse(error) {
    if (this.element.isConnected) this.#say(error.message, true);
    else this._app.fail(error);
  }

  /** @param {string} words @param {boolean} [isProblem] */
  #say(words, isProblem = false) {
    const [look, role] = isProblem ? ["export__problem", "alert"] : ["small", null];
    this.done.replaceChildren(element("p", { class: look, role, text: sentence(words) }));
    this.done.hidden = false;
  }

  /** @param {Written} written */
  #tell({ words, notes = [] }) {
    const show = button({
      label: "Show in folder",
      icon: "folder",
      onPress: () => this._app.attempt(post("/api/system/reveal", { folder: "export" })),
    });
    const said = notes.map((text) => element("p", { class: "small", text }));
    const name = element("span", { class: "export__written ellipsis", text: words });
    this.done.replaceChildren(element("div", { class: "export__line" }, icon("check"), name, show), ...said);
    this.done.hidden = false;
    show.focus();
  }
}
