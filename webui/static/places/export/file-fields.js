// @ts-check
/** How a sound becomes a file: format, sample rate, bit depth, as far as they go together; loudness and cover. */
import { fitFormat, showDepth, showRate } from "../../logic/file-size.js";
import { element } from "../../parts/element.js";
import { Checkbox } from "../../widgets/checkbox.js";
import { NumberField } from "../../widgets/number-field.js";
import { Select } from "../../widgets/select.js";

const USUAL_LOUDNESS = -16; // LUFS

/**
 * @typedef {{format: string, sample_rate: number, bit_depth: string, loudness: number|null, cover: boolean}} FileChoice
 */

export class FileFields {
  /**
   * @param {Record<string, any>} words of `/api/settings` @param {Partial<FileChoice>} before chosen last
   * @param {() => void} onChange
   */
  constructor(words, before, onChange) {
    this._words = words;
    this._onChange = onChange;
    const { loudness } = words.export;
    const isKnown = words.formats.some((/** @type {any} */ one) => one.name === before.format);
    this.chosen = /** @type {FileChoice} */ ({
      format: isKnown ? before.format : words.formats[0].name,
      sample_rate: before.sample_rate ?? words.export.sample_rate.default,
      bit_depth: before.bit_depth ?? words.auto_bit_depth,
      loudness: before.loudness ?? null,
      cover: before.cover ?? false,
    });
    const formats = words.formats.map((/** @type {any} */ one) => ({ value: one.name, text: one.words }));
    const { format } = this.chosen;
    this.format = new Select({
      name: "Format",
      options: formats,
      value: format,
      onCommit: (name) => this.#set({ format: name }),
    });
    this.rate = new Select({
      name: "Sample rate",
      options: [],
      value: "",
      onCommit: (rate) => this.#set({ sample_rate: Number(rate) }),
    });
    this.depth = new Select({
      name: "Bit depth",
      options: [],
      value: "",
      onCommit: (depth) => this.#set({ bit_depth: depth }),
    });
    this.note = element("p", { class: "small" });
    this.isLevelled = new Checkbox({
      name: "Bring it to a loudness",
      checked: this.chosen.loudness !== null,
      onCommit: (on) => this.#set({ loudness: on ? this.level.spin.value : null }),
    });
    this.level = new NumberField({
      name: "Loudness",
      value: this.chosen.loudness ?? USUAL_LOUDNESS,
      low: loudness.minimum,
      high: loudness.maximum,
      step: 0.5,
      digits: 1,
      unit: "LUFS",
      tip: loudness.description,
      onCommit: (value) => this.#set({ loudness: value }),
    });
    this.cover = new Checkbox({
      name: "A picture of the sound as cover",
      checked: this.chosen.cover,
      onCommit: (cover) => this.#set({ cover }),
    });
    this.grid = element("div", { class: "export__grid" }, this.format.element, this.rate.element, this.depth.element);
    const levelled = element("div", { class: "export__loudness" }, this.isLevelled.element, this.level.element);
    this.more = element("div", { class: "export__more" }, levelled, this.cover.element);
    this.#fit();
  }

  /** As a request takes them. */
  get settings() {
    const { bit_depth: depth, ...rest } = this.chosen;
    return { ...rest, bit_depth: depth || "auto" };
  }

  get kind() {
    return this._words.formats.find((/** @type {any} */ one) => one.name === this.chosen.format);
  }

  /** @param {Partial<FileChoice>} change */
  #set(change) {
    Object.assign(this.chosen, change);
    this.#fit();
    this._onChange();
  }

  #fit() {
    const format = this.kind;
    Object.assign(this.chosen, fitFormat(format, this.chosen, this._words.auto_bit_depth));
    const { sample_rate: rate, bit_depth: depth, loudness } = this.chosen;
    const rates = format.sample_rates.map((/** @type {number} */ one) => ({ value: String(one), text: showRate(one) }));
    const depths = format.bit_depths.map((/** @type {string} */ one) => ({ value: one, text: showDepth(one) }));
    this.rate.setOptions(rates, String(rate));
    this.depth.setOptions(depths.length ? depths : [{ value: "", text: "none" }], depth);
    this.depth.setDisabled(!depths.length);
    this.note.textContent = format.note;
    this.level.setDisabled(loudness === null);
    this.level.element.hidden = loudness === null;
  }
}
