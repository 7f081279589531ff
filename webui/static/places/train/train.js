// @ts-check
/**
 * Train: a set of recordings becomes a model. A form while nothing is learned, else the training and what became of it.
 */
import { get, part, post } from "../../core/api.js";
import { addShortcuts } from "../../core/keys.js";
import { findTraining, isRunning, isTraining } from "../../logic/training.js";
import { element } from "../../parts/element.js";
import { Form } from "./form.js";
import { Running } from "./running.js";
import { Runs } from "./runs.js";

/** @typedef {import("../../logic/training.js").Job} Job */

/** @param {import("../../core/app.js").App} app */
export const create = (app) => new Train(app);

class Train {
  /** @type {string|null} id of the job that is shown; null while the form is */
  #job = null;
  /** @type {Set<string>} trainings that were under way when it was looked last */
  #running = new Set();
  /** @type {string|null} training that was begun from here, until it is shown */
  #begun = null;
  #turn = 0;
  /** @type {string[]} */
  #parts = [];

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    const begun = (/** @type {Record<string, any>} */ job) => this.#follow(job);
    this.form = new Form(app, begun);
    this.runs = new Runs(app, begun);
    this.running = new Running(app, {
      onStop: () => this.stop(),
      onAgain: () => this.again(),
      onNew: () => app.go("train", "set"),
      onPlay: () => this.play(),
      onLibrary: () => app.go("library"),
    });
    this.main = element("div", { class: "train__main" });
    this.side = element("div", { class: "train__side" });
    this.element = element(
      "div",
      { class: "train" },
      element("div", { class: "train__columns" }, this.main, this.side),
    );
    app.state.on("jobs", () => this.#look());
    app.state.on("lost", (/** @type {boolean} */ lost) => !lost && this.#askAgain());
    addShortcuts(this.#shortcuts());
  }

  /** @param {string[]} parts "set", "extend" or "feedback" with ids, "job" with or without one, or nothing */
  async show(parts) {
    const [what, ...ids] = (this.#parts = parts);
    const turn = ++this.#turn;
    let { jobs } = this.app.state;
    const isThere = ids[0] ? this.app.state.job(ids[0]) : jobs.length;
    if (!isThere && what !== "set") jobs = (await this.app.attempt(get("/api/jobs")))?.jobs ?? jobs;
    if (turn !== this.#turn) return;
    const job = what === "job" || !what ? findTraining(jobs, ids[0]) : null;
    if (job) this.#show(job);
    else if (what === "extend" || what === "feedback") this.#showForm(what, ids);
    else this.#showForm("set", what === "set" ? ids : []);
  }

  hide() {
    this.form.hide();
    this.running.hide();
  }

  /** Stop the training, and keep what it has learned. */
  async stop() {
    const { job } = this.running;
    if (!job || (job.state !== "running" && job.state !== "waiting")) return;
    if (document.activeElement === this.running.stop) this.running.takeFocus(); // the button is hidden in a moment
    await this.app.attempt(post(`/api/jobs/${part(job.id)}/cancel`, { keep: true }));
    this.app.state.ask();
  }

  /** Go on with a training that was cut off, or try one again that failed. */
  async again() {
    const job = this.running.job && (await this.app.attempt(post(`/api/jobs/${part(this.running.job.id)}/again`)));
    if (job) this.#follow(job);
  }

  /** Play the model that came of it. */
  play() {
    const model = this.running.job?.result?.model;
    if (!model) return;
    this.app.session.setModel(model);
    this.app.go("play");
  }

  /** @param {Record<string, any>} job that has begun */
  async #follow(job) {
    this.#begun = job.id;
    await this.app.state.ask();
    this.app.go("train", "job", job.id);
  }

  /** @param {Job} job */
  #show(job) {
    if (this.#job !== job.id) {
      this.form.hide();
      this.#job = job.id;
      this.main.replaceChildren(this.running.element);
      this.side.replaceChildren(this.running.certificates.element, this.running.log, this.running.foot);
    }
    this.running.show(job);
    if (this.#begun !== job.id) return;
    this.#begun = null;
    this.running.takeFocus(); // the button that began it is not there any more
  }

  /** @param {import("./asking.js").Kind} kind @param {string[]} ids */
  async #showForm(kind, ids) {
    const hadFocus = this.running.element.contains(document.activeElement); // its button is gone in a moment
    this.running.hide();
    this.#job = null;
    this.main.replaceChildren(this.form.element);
    this.side.replaceChildren(this.form.plan.element, this.runs.element, this.form.foot);
    this.form.setBlocked(this.app.state.jobs.find((job) => isTraining(job) && isRunning(job)) ?? null);
    this.runs.look();
    await this.form.show(kind, ids);
    if (hadFocus && kind === "set") this.form.fields.name.input.focus();
  }

  /** Fill the form anew, which nobody may have answered. */
  #askAgain() {
    if (!this.#job && this.app.place === "train") this.show(this.#parts);
  }

  /** Follow what the program says of its trainings. */
  #look() {
    const trainings = this.app.state.jobs.filter(isTraining);
    const ended = trainings.filter((job) => this.#running.has(job.id) && !isRunning(job));
    this.#running = new Set(trainings.filter(isRunning).map(({ id }) => id));
    const wanted = this.#job ?? (this.#parts[0] === "job" ? this.#parts[1] : null);
    const shown = trainings.find((job) => job.id === wanted);
    if (this.app.place === "train" && wanted) {
      if (shown && this.#job) this.running.show(shown);
      else if (shown || this.#job) this.show(this.#parts); // it came late, or the program began anew
    }
    if (!this.#job) this.form.setBlocked(trainings.find(isRunning) ?? null);
    if (ended.length && !this.#job) this.runs.look();
    for (const job of ended) if (job.state === "done" && this.app.place !== "train") this.#tellReady(job);
  }

  /** @param {Job} job */
  #tellReady({ result }) {
    this.app.say(`${result.name} is ready`, {
      words: "Play it",
      run: () => {
        this.app.session.setModel(result.model);
        this.app.go("play");
      },
    });
  }

  #shortcuts() {
    const group = "Train";
    const here = () => this.app.place === "train";
    const hears = () => here() && this.#job !== null && this.running.hearing.isThere;
    return [
      { keys: "Ctrl+Enter", words: "Start", group, when: () => here() && !this.#job, run: () => this.form.begin() },
      {
        keys: "Space",
        words: "Hear the model as it is now, or stop",
        group,
        when: hears,
        run: () => this.running.hearing.toggle(),
      },
      {
        keys: "A",
        words: "Change between recording and model",
        group,
        when: hears,
        run: () => this.running.hearing.switchTo(),
      },
      {
        keys: "Shift+S",
        words: "Stop the training and keep it",
        group,
        when: () => here() && this.#job !== null,
        run: () => this.stop(),
      },
      {
        keys: "Enter",
        words: "Play the model",
        group,
        when: () => here() && this.running.job?.state === "done" && this.#job !== null,
        run: () => this.play(),
      },
    ];
  }
}
