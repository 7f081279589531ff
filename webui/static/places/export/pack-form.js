// @ts-check
/** A sample pack: many short sounds of a model, with the files that samplers read. */
import { fileBytes, showDepth } from "../../logic/file-size.js";
import { showBytes } from "../../logic/numbers.js";
import { element } from "../../parts/element.js";
import { NumberField } from "../../widgets/number-field.js";
import { FileFields } from "./file-fields.js";
import { TagFields } from "./tag-fields.js";

export class PackForm {
  /**
   * @param {import("../../core/app.js").App} app @param {Record<string, any>} card of the model
   * @param {Record<string, any>} before @param {() => void} onChange
   */
  constructor(app, card, before, onChange) {
    this.card = card;
    const { count, longest, seed } = app.words.pack;
    const chosen = before.pack ?? {};
    const field = (/** @type {string} */ name, /** @type {any} */ limits, /** @type {any} */ more) =>
      new NumberField({
        name,
        low: limits.minimum,
        high: limits.maximum,
        tip: limits.description,
        framed: true,
        ...more,
        onCommit: onChange,
      });
    this.count = field("Samples", count, { value: chosen.count ?? count.default, step: 1 });
    this.longest = field("Longest", longest, {
      value: chosen.longest ?? longest.default,
      step: 0.5,
      digits: 1,
      unit: "s",
    });
    this.seed = field("Seed", seed, { value: chosen.seed ?? seed.default, step: 1 });
    this.file = new FileFields(app.words, before.file ?? {}, onChange);
    this.tags = new TagFields(before.tags ?? {});
    this.element = element(
      "div",
      { class: "stack export__form" },
      element("p", {
        class: "quiet",
        text: `Single sounds of ${card.name}, each row changed step by step along one slider, mapped for samplers.`,
      }),
      element("div", { class: "export__grid" }, this.count.element, this.longest.element, this.seed.element),
      this.file.grid,
      this.file.note,
      this.tags.element,
      this.file.more,
    );
  }

  get #settings() {
    return { count: this.count.spin.value, longest: this.longest.spin.value, seed: this.seed.spin.value };
  }

  get kept() {
    return { file: this.file.chosen, tags: this.tags.kept, pack: this.#settings };
  }

  get size() {
    const { chosen, kind } = this.file;
    const { count, longest } = this.#settings;
    const one = fileBytes(kind.name, { ...chosen, seconds: longest, channels: this.card.channels });
    return [
      `At most ${showBytes(count * one)}`,
      `${count} ${kind.words} files`,
      chosen.bit_depth && showDepth(chosen.bit_depth),
    ]
      .filter(Boolean)
      .join(" · ");
  }

  /** @param {import("./writing.js").Writing} writing @returns {Promise<import("./writing.js").Written|null>} */
  async write(writing) {
    const body = { model: this.card.id, settings: this.#settings, export: this.file.settings, tags: this.tags.tags };
    const ended = await writing.run("/api/jobs/pack", body, "Making the pack");
    if (!ended) return null;
    const { folder, samples, notes } = ended.result;
    return { words: `${String(folder).split(/[\\/]/).pop()}, ${samples} samples`, notes };
  }
}
