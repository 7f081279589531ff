// @ts-check
/** The presets: chosen from a list, kept under a name that is written in place, renamed, deleted with a way back. */
import { get } from "../../core/api.js";
import { isAsKept } from "../../logic/preset-scope.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { Menu } from "../../widgets/menu.js";
import { Select } from "../../widgets/select.js";
import { TextField } from "../../widgets/text-field.js";
import { setOptions } from "./options.js";
import { applyPreset, deletePreset, renamePreset, savePreset } from "./preset-acts.js";

/** @typedef {import("./preset-acts.js").Preset} Preset */

export class Presets {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    this._app = play.app;
    this._data = play.data;
    /** @type {Preset[]} */
    this.list = [];
    this._chosen = "";
    /** @type {Record<string, any>} settings as they were when the preset was chosen */
    this._kept = {};
    this.select = new Select({
      name: "Preset",
      shown: false,
      options: [],
      value: "",
      onCommit: (id) => this.#apply(id),
    });
    const more = button({ label: "Presets", kind: "icon", icon: "more" });
    new Menu(more, () => this.#items());
    this.row = element("div", { class: "presets__row" }, this.select.element, more);
    this.naming = element("div", { class: "presets__naming", hidden: true });
    this.notes = element("ul", { class: "presets__notes", "aria-label": "Notes on the preset" });
    this.element = element("div", { class: "presets" }, this.row, this.naming, this.notes);
    this._app.state.on("presets", () => this.#load());
    this._app.session.addEventListener("change", () => this.#show());
    this._app.session.addEventListener("model", () => this.#load());
    this.#load();
  }

  /** @returns {Preset|null} */
  get chosen() {
    return this.list.find((one) => one.id === this._chosen) ?? null;
  }

  /** Ask for a name, and keep what is set under it. */
  saveAs() {
    this.#ask("Name of the preset", "", (name) => this.#save(name));
  }

  async #load() {
    const { model } = this._app.session;
    const found = await get("/api/presets", { model }).catch(() => null);
    if (!found) return;
    this.list = found.presets;
    this.#show();
  }

  #show() {
    const { chosen } = this;
    if (!chosen) this._chosen = "";
    const isChanged = chosen && !isAsKept(this._kept, this._app.session.asked);
    const options = this.list.map((one) => ({
      value: one.id,
      text: one === chosen && isChanged ? `${one.name}, changed` : one.name,
    }));
    setOptions(this.select, [{ value: "", text: this._chosen ? "No preset" : "Preset" }, ...options], this._chosen);
    this.select.setDisabled(!this.list.length);
    if (!chosen) this.#note([]);
  }

  #items() {
    const { chosen } = this;
    const name = chosen?.name ?? "";
    return [
      { text: "Save as…", icon: "plus", onPress: () => this.saveAs() },
      ...(chosen
        ? [
            { text: `Save in ${name}`, icon: "check", onPress: () => this.#save(name, chosen) },
            { text: "Put back as it was kept", icon: "reset", onPress: () => this.#apply(chosen.id) },
            {
              text: "Rename…",
              icon: "edit",
              divided: true,
              onPress: () => this.#ask("New name", name, (next) => this.#rename(chosen, next)),
            },
            { text: "Delete", icon: "trash", danger: true, onPress: () => this.#delete(chosen) },
          ]
        : []),
    ];
  }

  /** @param {string} id */
  async #apply(id) {
    const preset = this.list.find((one) => one.id === id);
    this._chosen = preset ? id : "";
    if (!preset) return this.#show();
    const notes = await this._app.attempt(applyPreset(this._app, preset));
    if (!notes) this._chosen = "";
    this._kept = this._app.session.asked;
    this.#show();
    this.#note(notes ?? []);
  }

  /** @param {string} name @param {Preset|null} [replaced] */
  async #save(name, replaced = null) {
    const { _app: app } = this;
    const saved = await savePreset(app, name, replaced).catch((error) => {
      const same = this.list.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (!same || error.status !== 409) return app.fail(error);
      app.say(`There is a preset ${same.name} already`, {
        words: "Replace it",
        run: () => this.#save(same.name, same),
      });
    });
    if (!saved) return;
    [this._chosen, this._kept] = [saved.id, app.session.asked];
    await this.#load();
    app.say(
      saved.model
        ? `Preset ${name} is kept for ${this._data.card?.name ?? "this model"}`
        : `Preset ${name} is kept for all models`,
    );
  }

  /** @param {Preset} preset @param {string} name */
  async #rename(preset, name) {
    if (await this._app.attempt(renamePreset(this._app, preset, name))) await this.#load();
  }

  /** @param {Preset} preset */
  async #delete(preset) {
    if (!(await this._app.attempt(deletePreset(this._app, preset)))) return;
    await this.#load();
    this._app.say(`Preset ${preset.name} is deleted`, { words: "Undo", run: () => this._app.undo() });
  }

  /**
   * Ask for a name where the list stands.
   * @param {string} label @param {string} value @param {(name: string) => void} take
   */
  #ask(label, value, take) {
    const end = () => {
      this.naming.hidden = true;
      this.row.hidden = false;
      this.select.select.focus();
    };
    const field = new TextField({ name: label, value, look: "framed" });
    const keep = () => {
      const name = field.value.trim();
      end();
      if (name && name !== value) take(name);
    };
    const ok = button({ label: "Keep", onPress: keep });
    const away = button({ label: "Keep it as it was", kind: "icon", icon: "close", onPress: end });
    field.input.addEventListener(
      "keydown",
      (event) => {
        const { key } = /** @type {KeyboardEvent} */ (event);
        if (key !== "Enter" && key !== "Escape") return;
        event.preventDefault();
        event.stopImmediatePropagation();
        if (key === "Enter") keep();
        else end();
      },
      { capture: true },
    );
    this.naming.replaceChildren(field.element, ok, away);
    this.row.hidden = true;
    this.naming.hidden = false;
    field.input.focus();
    field.input.select();
  }

  /** @param {string[]} notes */
  #note(notes) {
    this.notes.replaceChildren(...notes.map((text) => element("li", { text })));
    this.notes.hidden = !notes.length;
  }
}
