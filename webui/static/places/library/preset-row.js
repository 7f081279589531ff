// @ts-check
/** A preset in its list; name, note and tags are changed in place. */
import { showDay } from "../../logic/library.js";
import { restWords } from "../../logic/preset-marks.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { TextField } from "../../widgets/text-field.js";
import { label } from "./acts.js";
import { marksOfPreset } from "./marks.js";
import { Tags } from "./tags.js";

/** @typedef {Record<string, any>} Preset */

export class PresetRow {
  #said = "";

  /**
   * @param {import("../../core/app.js").App} app @param {Preset} preset
   * @param {{modelOf: (preset: Preset) => string, onPlay: (preset: Preset) => void,
   *     onDelete: (preset: Preset) => void}} actions
   */
  constructor(app, preset, actions) {
    this.app = app;
    this.preset = preset;
    this.actions = actions;
    this.play = button({
      label: `Play with ${preset.name}`,
      kind: "icon",
      icon: "play",
      onPress: () => actions.onPlay(this.preset),
    });
    this.name = new TextField({
      name: `Name of ${preset.name}`,
      look: "quiet",
      onCommit: (name) => this.#change(name.trim() ? { name: name.trim() } : {}),
    });
    this.note = new TextField({
      name: `Note on ${preset.name}`,
      look: "quiet",
      placeholder: "Add a note",
      onCommit: (note) => this.#change({ note: note.trim() }),
    });
    this.note.element.classList.add("preset-row__note");
    this.name.element.classList.add("preset-row__name");
    this.marks = element("div", { class: "preset-row__marks" });
    this.scope = element("p", { class: "ellipsis" });
    this.rest = element("p", { class: "small ellipsis" });
    this.tags = new Tags({ name: preset.name, onChange: (tags) => this.#change({ tags }) });
    const away = button({
      label: `Delete ${preset.name}`,
      kind: "icon",
      icon: "trash",
      onPress: () => actions.onDelete(this.preset),
    });
    this.element = element(
      "div",
      { class: "row preset-row" },
      this.play,
      this.marks,
      element("div", { class: "row__two" }, this.name.element, this.note.element),
      element("div", { class: "row__two row__about" }, this.scope, this.rest),
      this.tags.element,
      away,
    );
    this.update(preset);
  }

  /** @param {Preset} preset */
  update(preset) {
    this.preset = preset;
    const scope = `For ${this.actions.modelOf(preset)}`;
    const said = JSON.stringify([preset, scope]);
    if (said === this.#said) return;
    this.#said = said;
    for (const [field, text] of /** @type {const} */ ([
      [this.name, preset.name],
      [this.note, preset.note],
    ])) {
      if (field.input !== document.activeElement) field.setValue(text);
    }
    this.play.setAttribute("aria-label", `Play with ${preset.name}`);
    this.marks.replaceChildren(marksOfPreset(preset.settings, this.app.words.sliders));
    this.scope.textContent = scope;
    this.rest.textContent = [restWords(preset.settings), showDay(preset.created)].filter(Boolean).join(" · ");
    this.tags.show(preset.tags);
  }

  focus() {
    this.play.focus({ preventScroll: true });
  }

  rename() {
    this.name.input.focus();
    this.name.input.select();
  }

  /** @param {Record<string, any>} values */
  async #change(values) {
    const changed = Object.keys(values).length ? await label(this.app, "presets", this.preset, values) : null;
    this.#said = "";
    this.name.setValue(this.preset.name);
    this.update(changed ?? this.preset);
  }
}
