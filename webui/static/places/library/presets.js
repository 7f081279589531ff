// @ts-check
/** All presets: what each moves, for which model it is, and what is written on it; one press plays with it. */
import { get } from "../../core/api.js";
import { search } from "../../logic/library.js";
import { button } from "../../parts/button.js";
import { applyPreset } from "../play/preset-acts.js";
import { discard } from "./acts.js";
import { nothing } from "./empty.js";
import { PresetRow } from "./preset-row.js";
import { Rows } from "./rows.js";

/** @typedef {Record<string, any>} Preset */

export class Presets {
  /** @type {Preset[]} */ #presets = [];
  /** @type {Preset[]} every version of each model */ #models = [];
  #words = "";
  tools = /** @type {HTMLElement[]} */ ([]);
  placeholder = "Search presets";

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.rows = new Rows({
      name: "Presets",
      one: "preset",
      rowHeight: 64,
      keyOf: (/** @type {Preset} */ one) => one.id,
      make: (/** @type {Preset} */ one) => this.#make(one),
      empty: () => this.#empty(),
    });
    this.element = this.rows.scroller;
  }

  /** @param {string} words */
  search(words) {
    this.#words = words;
    this.#show();
  }

  async load() {
    const found = await this.app.attempt(Promise.all([get("/api/presets"), get("/api/models", { all_versions: 1 })]));
    if (!found) return;
    [this.#presets, this.#models] = [found[0].presets, found[1].models];
    this.#show();
  }

  /** @param {string} key */
  press(key) {
    if (this.rows.move(key)) return;
    const { current } = this.rows.list;
    if (!current) return;
    if (key === "P" || key === "Enter") this.#play(current);
    else if (key === "F2") this.rows.list.made(current)?.rename();
    else if (key === "Delete") this.#discard(current);
  }

  focus() {
    this.rows.focus();
  }

  #show() {
    this.rows.show(
      search(this.#presets, this.#words, (one) =>
        [one.name, one.note, ...one.tags, this.#modelOf(one)?.name ?? ""].join(" "),
      ),
      this.#words,
    );
  }

  /**
   * The version in use of the model that a preset is for; undefined where it is for all, or the model is gone.
   * @param {Preset} preset
   */
  #modelOf(preset) {
    const family = this.#models.filter((one) => one.family === preset.model);
    return family.find((one) => one.current) ?? family[0];
  }

  /** @param {Preset} preset */
  #make(preset) {
    return new PresetRow(this.app, preset, {
      modelOf: (one) => this.#modelOf(one)?.name ?? (one.model ? "a model that is gone" : "all models"),
      onPlay: (one) => this.#play(one),
      onDelete: (one) => this.#discard(one),
    });
  }

  /** @param {Preset} preset */
  async #play(preset) {
    const { app } = this;
    const wanted = this.#modelOf(preset);
    const now = this.#models.find((one) => one.id === app.session.model);
    if (wanted && now?.family !== wanted.family) app.session.setModel(wanted.id);
    if (!app.session.model)
      return app.say("There is no model to play it with yet. Train one first.", {
        words: "Train",
        run: () => app.go("train"),
      });
    const notes = await app.attempt(applyPreset(app, preset));
    if (!notes) return;
    app.go("play");
    app.say([`${preset.name} is set.`, ...notes].join(" "), { words: "Undo", run: () => app.undo() });
  }

  /** @param {Preset} preset */
  async #discard(preset) {
    if (await discard(this.app, "presets", preset)) await this.load();
    this.rows.focus();
  }

  #empty() {
    return nothing({
      icon: "pin",
      title: "No presets yet",
      words:
        "A preset keeps sliders, lanes and settings of a sound under a name. Find a sound in Play, and save it there.",
      acts: [button({ label: "Go to Play", kind: "primary", onPress: () => this.app.go("play") })],
    });
  }
}
