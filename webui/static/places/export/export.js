// @ts-check
/**
 * The sheet Export: an output, recordings played through a model, a sample pack, or a model as a file. Play opens it
 * with `openExport`. What was chosen last is chosen again.
 */
import { get, part } from "../../core/api.js";
import { element } from "../../parts/element.js";
import { Dialog } from "../../widgets/dialog.js";
import { Segmented } from "../../widgets/segmented.js";
import { FolderField } from "./folder-field.js";
import { ModelForm } from "./model-form.js";
import { PackForm } from "./pack-form.js";
import { RecordingsForm } from "./recordings-form.js";
import { SoundForm } from "./sound-form.js";
import { Writing } from "./writing.js";

/** @typedef {"sound"|"recordings"|"pack"|"model"} Kind */

/**
 * @param {import("../../core/app.js").App} app
 * @param {{entry?: Record<string, any>|null, model?: string|null, kind?: Kind}} what an output, or null for what is
 *     explored; the model, where it is not the one of the output; what is shown first
 */
export async function openExport(app, { entry = null, model = entry?.model ?? app.session.model, kind = "sound" }) {
  const card = model ? await get(`/api/models/${part(model)}`).catch(() => null) : null;
  if (!entry && !card) return app.say("There is nothing to export yet");
  const hasSound = Boolean(entry) || model === app.session.model;
  new ExportSheet(app, entry, card, hasSound ? kind : kind === "sound" ? "pack" : kind, hasSound).open();
}

class ExportSheet {
  /**
   * @param {import("../../core/app.js").App} app @param {Record<string, any>|null} entry
   * @param {Record<string, any>|null} card @param {Kind} kind @param {boolean} hasSound
   */
  constructor(app, entry, card, kind, hasSound) {
    this._app = app;
    this._entry = entry;
    this._card = card;
    const choices = [
      ...(hasSound ? [{ value: "sound", text: "Sound" }] : []),
      ...(card
        ? [
            { value: "recordings", text: "Recordings" },
            { value: "pack", text: "Sample pack" },
            { value: "model", text: "Model file" },
          ]
        : []),
    ];
    /** @type {SoundForm|RecordingsForm|PackForm|ModelForm} */
    this.form = this.#build(kind);
    this.kind = new Segmented({
      name: "What is written",
      value: kind,
      choices,
      onCommit: (one) => this.#show(/** @type {Kind} */ (one)),
    });
    this.body = element("div");
    this.writing = new Writing(app, () => this.#write());
    this.folder = new FolderField(app);
    this.dialog = new Dialog({
      title: "Export",
      look: "sheet",
      body: [this.kind.element, this.body, this.folder.element],
      actions: [this.writing.element],
      onClose: () => this.dialog.destroy(),
    });
    this.dialog.element.classList.add("export");
    this.#show(kind);
  }

  open() {
    this.dialog.open();
    /** @type {HTMLElement|null} */ (this.body.querySelector("select, input"))?.focus();
  }

  /** @param {Kind} kind */
  #show(kind) {
    this.form = this.#build(kind);
    this.body.replaceChildren(this.form.element);
    this.writing.done.hidden = true;
    this.writing.setSize(this.form.size);
  }

  /** @param {Kind} kind @returns {SoundForm|RecordingsForm|PackForm|ModelForm} */
  #build(kind) {
    const { _app: app, _entry: entry } = this;
    const card = /** @type {Record<string, any>} */ (this._card);
    const before = app.preferences.page?.export ?? {};
    const tell = () => this.writing.setSize(this.form.size);
    if (kind === "sound") return new SoundForm(app, entry, before, tell);
    if (kind === "recordings") return new RecordingsForm(app, card, before, tell);
    return kind === "pack" ? new PackForm(app, card, before, tell) : new ModelForm(card);
  }

  /** @returns {Promise<import("./writing.js").Written|null>} */
  async #write() {
    const { _app: app, form } = this;
    app.prefer({ export: { ...app.preferences.page?.export, ...form.kept } });
    const written = await form.write(this.writing);
    if (written && !this.dialog.isOpen) app.say(`${written.words} is written`);
    return written;
  }
}
