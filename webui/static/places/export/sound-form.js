// @ts-check
/** An output as a file. What is only explored is made first; other channels than it has are made anew. */
import { get, part } from "../../core/api.js";
import { fileBytes, showDepth, showRate } from "../../logic/file-size.js";
import { showBytes } from "../../logic/numbers.js";
import { showLength } from "../../logic/time-axis.js";
import { element } from "../../parts/element.js";
import { Select } from "../../widgets/select.js";
import { SoundPicture } from "../../widgets/sound-picture.js";
import { fetchPicture } from "../../core/thumbnails.js";
import { dragOut, settingsOf } from "../play/side/entry-acts.js";
import { FileFields } from "./file-fields.js";
import { TagFields } from "./tag-fields.js";

const AS_IT_IS = "";
const COUNTS = /** @type {Record<string, number>} */ ({ mono: 1, stereo: 2, binaural: 2 });

/** @typedef {Record<string, any>} Entry */

export class SoundForm {
  /**
   * @param {import("../../core/app.js").App} app @param {Entry|null} entry null for what is explored
   * @param {Record<string, any>} before what was chosen last @param {() => void} onChange
   */
  constructor(app, entry, before, onChange) {
    this._app = app;
    this.entry = entry;
    this.usual = entry ? "as it is" : `as set: ${app.session.get("channels")}`;
    this.file = new FileFields(app.words, before.file ?? {}, onChange);
    this.tags = new TagFields(before.tags ?? {});
    const choices = app.words.generate.channels.choices.filter((/** @type {string} */ one) => one !== "auto");
    this.channels = new Select({
      name: "Channels",
      options: [
        { value: AS_IT_IS, text: this.usual },
        ...choices.map((/** @type {string} */ one) => ({ value: one, text: one })),
      ],
      value: AS_IT_IS,
      onCommit: () => {
        this.again.hidden = !this.isMadeAnew;
        onChange();
      },
    });
    this.again = element("p", {
      class: "small",
      text: "With other channels it is made anew first, from the same settings and seed.",
      hidden: true,
    });
    this.file.grid.append(this.channels.element);
    this.element = element(
      "div",
      { class: "stack export__form" },
      this.#what(),
      this.file.grid,
      this.file.note,
      this.again,
      this.tags.element,
      this.file.more,
    );
  }

  get kept() {
    return { file: this.file.chosen, tags: this.tags.kept };
  }

  /** Whether another output has to be made first. */
  get isMadeAnew() {
    return !this.entry || (this.channels.value !== AS_IT_IS && this.channels.value !== this.entry.settings.channels);
  }

  get size() {
    const { chosen, kind } = this.file;
    const { session } = this._app;
    const seconds = this.entry?.seconds ?? (session.get("one_shot") ? null : session.get("duration"));
    const channels = COUNTS[this.channels.value] ?? this.#channelsNow;
    const about = [kind.words, showRate(chosen.sample_rate), chosen.bit_depth && showDepth(chosen.bit_depth)];
    if (seconds === null) return about.filter(Boolean).join(" · ");
    const bytes = fileBytes(kind.name, { ...chosen, seconds, channels });
    return [`About ${showBytes(bytes)}`, showLength(seconds), ...about].filter(Boolean).join(" · ");
  }

  /** @param {import("./writing.js").Writing} writing @returns {Promise<import("./writing.js").Written|null>} */
  async write(writing) {
    const entry = this.isMadeAnew ? await this.#make(writing) : this.entry;
    if (!entry) return null;
    const body = {
      output: entry.id,
      export: this.file.settings,
      tags: this.tags.tags,
      name: this.tags.tags.title ?? "",
    };
    const ended = await writing.run("/api/jobs/export", body, "Writing");
    const [file] = ended?.result?.files ?? [];
    if (!file) return null;
    const path = String(file.path ?? file.file ?? "");
    return { words: path.split(/[\\/]/).pop() || "It is written", notes: file.notes };
  }

  /**
   * Make an output as it is to be written.
   * @param {import("./writing.js").Writing} writing @returns {Promise<Entry|null>}
   */
  async #make(writing) {
    const { session } = this._app;
    const channels = this.channels.value;
    const { export: _, hrtf_fingerprint: __, ...own } = this.entry ? settingsOf(this.entry) : session.asked;
    const settings = channels ? { ...own, channels } : own;
    const model = this.entry?.model ?? session.model;
    const ended = await writing.run("/api/jobs/render", { model, settings, count: 1 }, "Making");
    const [file] = ended?.result?.files ?? [];
    return file ? get(`/api/history/${part(file.history)}`) : null;
  }

  get #channelsNow() {
    const { channels, width, distance, movement } = this.entry?.settings ?? this._app.session.settings;
    const isSpacious = width !== 0 || distance !== 0 || (movement ?? "still") !== "still";
    return COUNTS[channels] ?? (isSpacious ? 2 : 1);
  }

  /** The picture of what is written, which can be dragged out of the window. */
  #what() {
    const { entry } = this;
    if (!entry)
      return element("p", {
        class: "quiet",
        text: "What is set now is made first; it then stands in the history as well.",
      });
    const picture = new SoundPicture({ name: `Picture of output ${entry.number}`, size: "strip" });
    const where = { key: `${entry.id} ${entry.fingerprint}`, path: `/api/history/${part(entry.id)}/picture` };
    fetchPicture(where, new AbortController().signal).then((found) => found && picture.setPicture(found));
    return element(
      "figure",
      { class: "export__what", draggable: "true", on: { dragstart: (event) => dragOut(event, entry) } },
      picture.element,
      element(
        "figcaption",
        { class: "export__line" },
        element("strong", { text: `Output ${entry.number}` }),
        element("span", {
          class: "small",
          text: `${entry.model_name} · ${showLength(entry.seconds)} · drag the picture out to have the file as it is`,
        }),
      ),
    );
  }
}
