// @ts-check
/** Recordings played through a model: each keeps its own sounds and times, and is moved as the sliders stand in Play. */
import { get, part } from "../../core/api.js";
import { carryOver, tellMoves } from "../../logic/driving.js";
import { fileBytes, showDepth, showRate } from "../../logic/file-size.js";
import { showBytes } from "../../logic/numbers.js";
import { countWords } from "../../logic/recordings.js";
import { showLength } from "../../logic/time-axis.js";
import { element } from "../../parts/element.js";
import { Checkbox } from "../../widgets/checkbox.js";
import { NumberField } from "../../widgets/number-field.js";
import { Select } from "../../widgets/select.js";
import { FileFields } from "./file-fields.js";
import { TagFields } from "./tag-fields.js";

const ALL = "";

export class RecordingsForm {
  /** @type {Record<string, any>|null} */
  #set = null;
  #turn = 0;

  /**
   * @param {import("../../core/app.js").App} app @param {Record<string, any>} card of the model
   * @param {Record<string, any>} before what was chosen last @param {() => void} onChange
   */
  constructor(app, card, before, onChange) {
    this._app = app;
    this._onChange = onChange;
    this.card = card;
    const chosen = before.recordings ?? {};
    this.sets = new Select({ name: "Set", options: [], value: "", onCommit: (id) => this.#choose(id) });
    this.recording = new Select({ name: "Recordings", options: [], value: ALL, onCommit: onChange });
    const { novelty } = app.words.generate;
    this.novelty = new NumberField({
      name: "Novelty",
      value: chosen.novelty ?? 0,
      low: novelty.minimum,
      high: novelty.maximum,
      step: 0.05,
      digits: 2,
      tip: "0 as the model hears it; above, the sounds stray from what was recorded",
      framed: true,
    });
    this.isMoved = new Checkbox({ name: "Move them as the sliders stand in Play", checked: true, onCommit: () => this.#tell() });
    this.moves = element("p", { class: "small export__moves" });
    this.file = new FileFields(app.words, before.file ?? {}, onChange);
    this.tags = new TagFields(before.tags ?? {});
    const what = `Each recording is sent through ${card.name}: its own sounds at their own times, moved by the sliders.`;
    this.element = element(
      "div",
      { class: "stack export__form" },
      element("p", { class: "quiet", text: what }),
      element("div", { class: "export__grid" }, this.sets.element, this.recording.element, this.novelty.element),
      element("div", {}, this.isMoved.element, this.moves),
      this.file.grid,
      this.file.note,
      this.tags.element,
      this.file.more,
    );
    this.#tell();
    app.attempt(this.#fill(chosen.set));
  }

  get kept() {
    const recordings = { set: this.#set?.id, novelty: this.novelty.spin.value };
    return { file: this.file.chosen, tags: this.tags.kept, recordings };
  }

  get size() {
    const { chosen, kind } = this.file;
    const chosenOnes = this.#chosen;
    if (!chosenOnes.length) return "There are no recordings in this set";
    const seconds = chosenOnes.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
    const bytes = fileBytes(kind.name, { ...chosen, seconds, channels: this.card.channels });
    const size = seconds ? [`About ${showBytes(bytes)}`, showLength(seconds)] : []; // the doctor has not looked yet
    const about = [countWords(chosenOnes.length), kind.words, showRate(chosen.sample_rate)];
    return [...size, ...about, chosen.bit_depth && showDepth(chosen.bit_depth)].filter(Boolean).join(" · ");
  }

  /** @param {import("./writing.js").Writing} writing @returns {Promise<import("./writing.js").Written|null>} */
  async write(writing) {
    const body = {
      model: this.card.id,
      set: this.#set?.id ?? "",
      recordings: this.recording.value === ALL ? [] : [this.recording.value],
      settings: { ...(this.#carries ? this.#carried : {}), novelty: this.novelty.spin.value },
      export: this.file.settings,
      tags: this.tags.tags,
    };
    const ended = await writing.run("/api/jobs/reconstruct", body, "Playing them through the model");
    if (!ended) return null;
    const { folder, files, skipped, notices } = ended.result;
    const left = skipped.map((/** @type {any} */ one) => `Left out: ${baseName(one.file)}: ${one.reason}`);
    return { words: `${baseName(folder)}, ${countWords(files.length)}`, notes: [...notices, ...left] };
  }

  /** Whether what stands in Play is of this model, and wanted. */
  get #carries() {
    return this.#isExplored && this.isMoved.checked;
  }

  get #isExplored() {
    return this._app.session.model === this.card.id;
  }

  get #carried() {
    return carryOver(this._app.session.asked);
  }

  /** @returns {Record<string, any>[]} */
  get #included() {
    return (this.#set?.recordings ?? []).filter((/** @type {any} */ one) => one.included && one.state !== "missing");
  }

  /** @returns {Record<string, any>[]} */
  get #chosen() {
    const { value } = this.recording;
    return value === ALL ? this.#included : this.#included.filter((one) => one.id === value);
  }

  /** @param {string|undefined} before the set that was chosen last */
  async #fill(before) {
    const { sets } = await get("/api/sets");
    if (!sets.length) return this._onChange();
    const chosen = (sets.find((/** @type {any} */ one) => one.id === before) ?? sets[0]).id;
    const options = sets.map((/** @type {any} */ one) => ({ value: one.id, text: `${one.name} · ${countWords(one.files)}` }));
    this.sets.setOptions(options, chosen);
    await this.#choose(chosen);
  }

  /** @param {string} id */
  async #choose(id) {
    const turn = ++this.#turn;
    const set = await this._app.attempt(get(`/api/sets/${part(id)}`));
    if (!set || turn !== this.#turn) return;
    this.#set = set;
    const each = this.#included.map(({ id: value, name: text }) => ({ value, text }));
    const { value: chosen } = this.recording; // stays, where it was chosen while the set came
    const stays = each.some(({ value }) => value === chosen);
    this.recording.setOptions([{ value: ALL, text: `all ${each.length}` }, ...each], stays ? chosen : ALL);
    this._onChange();
  }

  async #tell() {
    this.isMoved.element.hidden = !this.#isExplored;
    const { models } = await get("/api/models").catch(() => ({ models: [] }));
    const nameOf = (/** @type {string} */ id) => models.find((/** @type {any} */ one) => one.id === id)?.name ?? id;
    const moves = this.#carries ? tellMoves(this.#carried, nameOf) : "";
    this.moves.textContent = moves || "No slider moves them: they come as the model hears them.";
  }
}

/** @param {string} path */
const baseName = (path) => String(path).split(/[\\/]/).pop() ?? "";
