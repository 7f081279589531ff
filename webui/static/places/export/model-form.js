// @ts-check
/** A model as one file, to be given to others or kept safe. */
import { showBytes } from "../../logic/numbers.js";
import { element } from "../../parts/element.js";

export class ModelForm {
  /** @param {Record<string, any>} card of the model */
  constructor(card) {
    this.card = card;
    this.element = element(
      "div",
      { class: "stack export__form" },
      element("p", {
        class: "quiet",
        text: `${card.name} in one file (.sda): dropped on this window, on any computer, it is in the library there.`,
      }),
      element("p", {
        class: "quiet",
        text: "The file holds the sounds that the model learned from. Give it only to those who may have them.",
      }),
      ...(card.licence ? [element("p", { class: "small", text: `Licence: ${card.licence}` })] : []),
    );
  }

  get kept() {
    return {};
  }

  get size() {
    return `About ${showBytes(this.card.size_bytes)} · ${this.card.name}.sda`;
  }

  /** @param {import("./writing.js").Writing} writing @returns {Promise<import("./writing.js").Written|null>} */
  async write(writing) {
    const ended = await writing.run("/api/jobs/export-model", { model: this.card.id }, "Writing");
    return ended ? { words: String(ended.result.path).split(/[\\/]/).pop() ?? "" } : null;
  }
}
