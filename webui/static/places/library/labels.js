// @ts-check
/** Labels of a model: tags, a note, a licence. Each is changed in place, and can be taken back. */
import { element } from "../../parts/element.js";
import { TextField } from "../../widgets/text-field.js";
import { label } from "./acts.js";
import { Tags } from "./tags.js";

export class Labels {
  /** @type {Record<string, any>} */ model = {};

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.tags = new Tags({ name: "this model", onChange: (tags) => this.#change({ tags }) });
    this.note = new TextField({
      name: "Note",
      rows: 3,
      placeholder: "Where it was recorded, what it is good for …",
      onCommit: (note) => this.#change({ note: note.trim() }),
    });
    this.licence = new TextField({
      name: "Licence",
      placeholder: "What others may do with it, such as CC BY 4.0",
      onCommit: (licence) => this.#change({ licence: licence.trim() }),
    });
    this.element = element(
      "section",
      { class: "panel labels", "aria-label": "Notes" },
      element("div", { class: "panel__head" }, element("h2", { text: "Notes" })),
      element("div", { class: "panel__body stack" }, this.tags.element, this.note.element, this.licence.element),
    );
  }

  /** @param {Record<string, any>} model */
  show(model) {
    this.model = model;
    this.tags.show(model.tags);
    for (const [field, text] of /** @type {const} */ ([
      [this.note, model.note],
      [this.licence, model.licence],
    ])) {
      if (field.input !== document.activeElement) field.setValue(text);
    }
  }

  /** @param {Record<string, any>} values */
  async #change(values) {
    const changed = await label(this.app, "models", this.model, values);
    if (changed && changed.id === this.model.id) Object.assign(this.model, changed);
    this.show(this.model);
  }
}
