// @ts-check
/** A training under way, or what became of it: in words, as time, as a curve, to be heard. */
import {
  isRunning,
  keptWords,
  leftClock,
  lossPoints,
  stageOf,
  STAGES,
  titleOf,
  wholeSeconds,
  wordsOf,
} from "../../logic/training.js";
import { sentence } from "../../logic/recordings.js";
import { showLength } from "../../logic/time-axis.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { icon } from "../../parts/icon.js";
import { tip } from "../../parts/tip.js";
import { LossCurve } from "../../widgets/loss-curve.js";
import { Progress } from "../../widgets/progress.js";
import { Certificates } from "./certificates.js";
import { Hearing } from "./hearing.js";
import { LearnedMap } from "./learned-map.js";

/** @typedef {import("../../logic/training.js").Job} Job */
/**
 * @typedef {{onStop: () => void, onAgain: () => void, onNew: () => void, onPlay: () => void, onLibrary: () => void}}
 *     Actions
 */

const LEAVE = "You can leave this page. If the program ends, it goes on from the last half minute.";

export class Running {
  /** @type {Job|null} */
  job = null;
  #told = { left: /** @type {number|null} */ (null), at: 0 };
  #whole = 0;

  /** @param {import("../../core/app.js").App} app @param {Actions} actions */
  constructor(app, actions) {
    this.title = element("h1");
    this.words = element("p", { class: "quiet number running__words" });
    tip(this.words, () => (this.job?.device ? [sentence(this.job.device.reason), sentence(this.job.device.size)] : []));
    this.clock = element("div", { class: "running__clock number" });
    this.left = element("p", { class: "quiet number" });
    this.progress = new Progress({ name: "Training" });
    this.progress.bar.tabIndex = -1; // see takeFocus
    this.steps = STAGES.map(({ name }) =>
      element("li", { class: "running__step" }, icon("check"), element("span", { text: name })),
    );
    this.curve = new LossCurve({ seconds: 60 });
    this.hearing = new Hearing(app);
    this.learned = new LearnedMap(app);
    this.stop = button({ label: "Stop and keep", onPress: actions.onStop });
    this.again = button({ label: "Go on", kind: "primary", onPress: actions.onAgain });
    this.fresh = button({ label: "Another training", onPress: actions.onNew });
    this.library = button({ label: "Show in Library", kind: "plain", onPress: actions.onLibrary });
    this.kept = element("p", { class: "quiet running__kept" });
    this.problem = element("p", { class: "running__problem", role: "alert" });
    this.certificates = new Certificates(app, () => this.job && this.#showStages(this.job));
    this.notices = element("ul", { class: "notices__list" });
    this.log = element(
      "section",
      { class: "panel notices", "aria-label": "To know", hidden: true },
      element("div", { class: "panel__head" }, element("h2", { text: "To know" })),
      this.notices,
    );
    this.play = button({ label: "Play it", kind: "primary", onPress: actions.onPlay });
    this.foot = element("div", { class: "train__foot" }, this.play);
    this.element = element(
      "section",
      { class: "panel running", "aria-label": "Training" },
      element(
        "header",
        { class: "running__head" },
        element("div", { class: "running__title" }, this.title, this.words),
        element("div", { class: "running__time" }, this.clock, this.left),
      ),
      this.problem,
      this.progress.element,
      element("ol", { class: "running__steps" }, ...this.steps),
      element("div", { class: "running__acts" }, this.stop, this.again, this.fresh, this.library, this.kept),
      element("div", { class: "running__pictures" }, this.curve.element, this.learned.element),
      this.hearing.element,
    );
    window.setInterval(() => this.element.isConnected && this.#showClock(), 250);
  }

  /** @param {Job} job */
  show(job) {
    if (job.id !== this.job?.id) this.#whole = 0;
    const before = this.job;
    this.job = job;
    if (job.seconds_left !== before?.seconds_left || job.id !== before?.id)
      this.#told = { left: job.seconds_left, at: performance.now() };
    this.#whole = wholeSeconds(job) ?? this.#whole;
    this.title.textContent = titleOf(job);
    this.words.textContent = wordsOf(job);
    this.problem.textContent = job.state === "failed" && job.error ? sentence(job.error.message) : "";
    this.problem.hidden = !this.problem.textContent;
    this.certificates.show(job);
    this.#showStages(job);
    this.#showActs(job);
    this.#showCurve(job);
    this.hearing.show(job);
    this.learned.show(job.state === "done" ? (job.result?.model ?? "") : "");
    this.log.hidden = !job.log.length;
    this.notices.replaceChildren(
      ...job.log.map((/** @type {string} */ line) => element("li", { class: "quiet", text: sentence(line) })),
    );
    this.#showClock();
  }

  hide() {
    this.hearing.hide();
  }

  /**
   * Let the keyboard go on from here, unless it is at work elsewhere. Not from a button: Space plays, and must not stop.
   */
  takeFocus() {
    const { activeElement } = document;
    if (activeElement === document.body || this.element.contains(activeElement))
      this.progress.bar.focus({ preventScroll: true });
  }

  /** @param {Job} job */
  #showStages(job) {
    const now = this.certificates.areMeasured ? STAGES.length : stageOf(job);
    this.element.dataset.state = job.state;
    this.steps.forEach((node, at) => {
      node.toggleAttribute("data-over", at < now);
      node.toggleAttribute("data-now", at === now && isRunning(job));
      node.toggleAttribute("data-failed", at === now && job.state === "failed");
    });
  }

  /** @param {Job} job */
  #showActs(job) {
    const [running, done] = [isRunning(job), job.state === "done"];
    this.stop.hidden = !running;
    this.stop.disabled = job.state === "stopping";
    this.again.hidden = running || done;
    /** @type {HTMLElement} */ (this.again.firstElementChild).textContent =
      job.state === "interrupted" ? "Go on" : "Try again";
    this.fresh.hidden = running;
    this.library.hidden = !done;
    this.kept.textContent = running
      ? job.state === "stopping"
        ? "It listens to the recordings once more, then it is kept."
        : LEAVE
      : keptWords(job);
    this.play.disabled = !done;
    this.foot.toggleAttribute("data-waiting", !done);
    this.foot.hidden = this.certificates.element.hidden = !running && !done;
  }

  /** @param {Job} job */
  #showCurve(job) {
    const points = lossPoints(job);
    this.curve.element.hidden = !points.length && !isRunning(job);
    const last = points.at(-1)?.seconds ?? 0;
    this.curve.setPoints(points, Math.max(this.#whole, last * 1.02) || 60);
  }

  #showClock() {
    const { job } = this;
    if (!job) return;
    if (isRunning(job)) {
      const { clock, words } = leftClock(
        this.#told.left,
        job.state === "running" ? (performance.now() - this.#told.at) / 1000 : 0,
      );
      this.clock.textContent = job.state === "stopping" ? "" : clock;
      this.left.textContent =
        job.state === "stopping"
          ? ""
          : this.#whole && words === "left"
            ? `left of ${showLength((60 * Math.round(this.#whole / 6)) / 10)}`
            : clock && words;
      this.progress.set(job.share, clock ? `${clock} left` : undefined);
    } else {
      this.clock.textContent = this.left.textContent = "";
      this.progress.set(job.state === "done" ? 1 : (job.share ?? 0));
    }
  }
}
