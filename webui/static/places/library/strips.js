// @ts-check
/** Work on models that goes on: imports, exports, measuring; each with how far it is, and a button that stops it. */
import { part, post } from "../../core/api.js";
import { showLeft } from "../../core/time-left.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { Progress } from "../../widgets/progress.js";

const VERBS = /** @type {Record<string, string>} */ ({
  import: "Importing",
  "export-model": "Writing the model file of",
  measure: "Measuring",
});

export class Strips {
  /** @type {Map<string, {element: HTMLElement, show: (job: any) => void}>} */
  #shown = new Map();

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.element = element("div", { class: "library__strips" });
    app.state.on("jobs", () => this.show());
    this.show();
  }

  show() {
    const jobs = this.app.state.running.filter(({ kind }) => kind in VERBS);
    for (const [id, strip] of this.#shown) {
      if (jobs.some((job) => job.id === id)) continue;
      strip.element.remove();
      this.#shown.delete(id);
    }
    for (const job of jobs) {
      const strip = this.#shown.get(job.id) ?? this.#make(job);
      strip.show(job);
    }
  }

  /** @param {any} job */
  #make(job) {
    const progress = new Progress({ name: `${VERBS[job.kind]} ${job.title}`, thin: true });
    const words = element("span", { class: "library__strip-words", text: `${VERBS[job.kind]} ${job.title}` });
    const left = element("span", { class: "small ellipsis" });
    const stop = button({
      label: "Stop",
      kind: "plain",
      onPress: () =>
        this.app.attempt(post(`/api/jobs/${part(job.id)}/cancel`, { keep: false }).then(() => this.app.state.ask())),
    });
    const node = element(
      "div",
      { class: "library__strip" },
      element("div", { class: "library__strip-line" }, words, left, stop),
      progress.element,
    );
    const strip = {
      element: node,
      show: (/** @type {any} */ now) => {
        left.textContent =
          now.state === "waiting"
            ? "waiting for what is under way"
            : [now.detail, showLeft(now)].filter(Boolean).join(" · ");
        progress.set(now.share);
        stop.disabled = now.state === "stopping";
      },
    };
    this.#shown.set(job.id, strip);
    this.element.append(node);
    return strip;
  }
}
