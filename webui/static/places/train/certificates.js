// @ts-check
/** The sliders of a model, as they are measured: each with its mark, its state in words, and how far it goes. */
import { get, part, post } from "../../core/api.js";
import { describe, showMeasured, STATES } from "../../logic/certificate.js";
import { isRunning } from "../../logic/training.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { tip } from "../../parts/tip.js";
import { certificateGlyph } from "../../widgets/certificate-glyph.js";

/** @typedef {import("../../logic/training.js").Job} Job */
/** @typedef {{name: string, group: string, state: string}} Row */

const WAITING = "waiting";

export class Certificates {
  /** @type {Map<string, any>} what is known of each once the model is there */
  #known = new Map();
  #learned = ""; // which model, and after which measuring
  #model = "";
  #said = "";

  /** @param {import("../../core/app.js").App} app @param {() => void} onKnown it is known what they do */
  constructor(app, onKnown) {
    this._app = app;
    this._onKnown = onKnown;
    this.count = element("span", { class: "small" });
    this.list = element("ul", { class: "certificates__list" });
    this.measure = button({ label: "Measure them now", onPress: () => this.#measure() });
    this.unmeasured = element(
      "div",
      { class: "certificates__unmeasured", hidden: true },
      element("p", {
        class: "quiet",
        text: "There was no time left to measure them. They work, but nothing says how far they go.",
      }),
      this.measure,
    );
    this.element = element(
      "section",
      { class: "panel certificates", "aria-label": "Sliders" },
      element("div", { class: "panel__head" }, element("h2", { text: "Sliders, as they are measured" }), this.count),
      this.list,
      this.unmeasured,
    );
  }

  /** Whether the sliders of a finished model have been measured. */
  get areMeasured() {
    return [...this.#known.values()].some(({ state }) => state !== "unmeasured");
  }

  /** @param {Job} job a training */
  show(job) {
    this.#model = job.state === "done" ? (job.result?.model ?? "") : "";
    const again = this.#model
      ? (this._app.state.jobs.find(({ kind, model }) => kind === "measure" && model === this.#model) ?? null)
      : null;
    this.#learn(`${this.#model} ${again?.state === "done" ? again.id : ""}`, job);
    const followed = again && isRunning(again) ? again : job;
    const measured = new Map(followed.sliders.map((/** @type {any} */ one) => [one.name, one.state]));
    const rows = this.#rows(measured, followed);
    this.#show(rows, isRunning(followed) && followed.stage === "measuring" ? followed.detail : "");
    this.unmeasured.hidden = !this.#model || isRunning(followed) || rows.some(({ state }) => state !== "unmeasured");
  }

  /** @param {Map<string, string>} measured @param {Job} job that measures them @returns {Row[]} */
  #rows(measured, job) {
    const bank = this._app.words.sliders.map((/** @type {any} */ { name, group }) => ({ name, group }));
    const names = new Set(bank.map((/** @type {any} */ { name }) => name));
    const more = [...new Set([...measured.keys(), ...this.#known.keys()])].filter((name) => !names.has(name));
    const otherwise = isRunning(job) ? WAITING : "unmeasured";
    return [...bank, ...more.map((name) => ({ name, group: "discovered" }))].map((one) => ({
      ...one,
      state: measured.get(one.name) ?? (isRunning(job) ? null : this.#known.get(one.name)?.state) ?? otherwise,
    }));
  }

  async #measure() {
    const job = await this._app.attempt(post("/api/jobs/measure", { model: this.#model }));
    if (job) this._app.state.ask();
  }

  /** @param {Row[]} rows @param {string} now name of the one that is measured */
  #show(rows, now) {
    const said = JSON.stringify([rows, now, this.#known.size]);
    if (said === this.#said) return;
    this.#said = said;
    const certified = rows.filter(({ state }) => state === "certified").length;
    this.count.textContent = certified ? `${certified} certified` : "";
    this.list.replaceChildren(...rows.map((row) => this.#row(row, row.name === now)));
  }

  /** @param {Row} row @param {boolean} isNow */
  #row({ name, group, state }, isNow) {
    const known = this.#known.get(name);
    const waits = state === WAITING;
    const word =
      isNow && waits
        ? "measuring"
        : waits
          ? "waiting"
          : (STATES[/** @type {keyof typeof STATES} */ (state)]?.word ?? state);
    const isPlain = waits || state === "discovered";
    const node = element(
      "li",
      { class: "certificates__row", data: { group, state: isNow && waits ? "now" : state } },
      isPlain
        ? element("span", { class: "certificates__dot", "aria-hidden": "true" })
        : certificateGlyph([{ name, state, group }]),
      element("span", { class: "certificates__name ellipsis", text: name }),
      element("span", { class: "certificates__word", text: word }),
      element("span", { class: "certificates__reach number", text: known ? reachOf(known) : "" }),
    );
    if (known) tip(node, () => describe({ ...known, group }));
    return node;
  }

  /** Learn how far the sliders of a finished model go. @param {string} wanted @param {Job} job */
  async #learn(wanted, job) {
    if (wanted === this.#learned) return;
    const model = this.#model;
    [this.#learned, this.#known] = [wanted, new Map()];
    if (!model) return;
    const found = await get(`/api/models/${part(model)}/sliders`).catch(() => null); // it may have been deleted since
    if (!found || wanted !== this.#learned) return;
    this.#known = new Map(found.sliders.map((/** @type {any} */ one) => [one.name, one]));
    this.show(job);
    this._onKnown();
  }
}

/** How far a slider goes, or why it does not. @param {Record<string, any>} slider as the program measured it */
function reachOf({ state, range, unit, reason }) {
  const reach = range ? `${showMeasured(range[0], unit)} to ${showMeasured(range[2], unit)}` : "";
  if (state === "certified") return reach;
  return state === "weak" ? [reach, reason].filter(Boolean).join(", ") : state === "off" ? reason : "";
}
