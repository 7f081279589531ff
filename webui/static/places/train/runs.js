// @ts-check
/** Trainings that were cut off: each can be gone on with, or discarded. A discarded one goes for good after a while. */
import { get, part, post, remove } from "../../core/api.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";

const UNDO_MS = 10_000; // as long as Undo is offered

export class Runs {
  /** @type {Map<string, number>} runs that are about to go, with their timers */
  #going = new Map();

  /** @param {import("../../core/app.js").App} app @param {(job: Record<string, any>) => void} onBegun */
  constructor(app, onBegun) {
    this._app = app;
    this._onBegun = onBegun;
    this.list = element("ul", { class: "runs__list" });
    this.element = element(
      "section",
      { class: "panel runs", "aria-label": "Cut off", hidden: true },
      element("div", { class: "panel__head" }, element("h2", { text: "Cut off, and kept" })),
      this.list,
    );
  }

  async look() {
    const found = await this._app.attempt(get("/api/runs"));
    if (!found) return;
    const runs = found.runs.filter((/** @type {any} */ { id }) => !this.#going.has(id));
    this.element.hidden = !runs.length;
    this.list.replaceChildren(...runs.map((/** @type {any} */ run) => this.#row(run)));
  }

  /** Go on with a run. @param {string} id */
  async goOn(id) {
    const job = await this._app.attempt(post("/api/jobs/resume", { run: id }));
    if (job) this._onBegun(job);
  }

  /** Discard a run; until it is too late it can be had back. @param {{id: string, name: string}} run */
  discard({ id, name }) {
    this.#going.set(
      id,
      window.setTimeout(async () => {
        await this._app.attempt(remove(`/api/runs/${part(id)}`));
        this.#going.delete(id);
      }, UNDO_MS),
    );
    this._app.say(`Discarded the training of ${name}`, { words: "Undo", run: () => this.#bringBack(id) });
    this.look();
  }

  /** @param {string} id */
  #bringBack(id) {
    window.clearTimeout(this.#going.get(id));
    this.#going.delete(id);
    this.look();
  }

  /** @param {{id: string, name: string, share: number, started: string}} run */
  #row(run) {
    return element(
      "li",
      { class: "runs__row" },
      element(
        "p",
        {},
        element("strong", { text: run.name }),
        element("span", { class: "quiet", text: ` · ${Math.round(100 * run.share)} % learned` }),
      ),
      element("p", {
        class: "small",
        text: `Begun ${new Date(run.started).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}`,
      }),
      element(
        "div",
        { class: "line runs__acts" },
        button({ label: "Go on", onPress: () => this.goOn(run.id) }),
        button({ label: "Discard", kind: "plain", onPress: () => this.discard(run) }),
      ),
    );
  }
}
