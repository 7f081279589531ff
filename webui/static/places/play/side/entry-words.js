// @ts-check
/** Dialogs about one output: its note and tags, and where its file is. */
import { button } from "../../../parts/button.js";
import { element } from "../../../parts/element.js";
import { Dialog } from "../../../widgets/dialog.js";
import { TextField } from "../../../widgets/text-field.js";
import { label, locate } from "./entry-acts.js";

/** @typedef {import("../../../core/app.js").App} App */
/** @typedef {Record<string, any>} Entry */

/**
 * Ask for the note and tags of an output.
 * @param {App} app @param {Entry} entry @param {(entry: Entry) => void} onChange
 */
export function askForLabels(app, entry, onChange) {
  const note = new TextField({ name: "Note", value: entry.note, rows: 3 });
  const tags = new TextField({ name: "Tags", value: entry.tags.join(", "), hint: "Words with commas between them." });
  ask({
    title: `Output ${entry.number}`,
    fields: [note, tags],
    action: "Keep",
    onDone: async () => {
      const words = tags.value.split(",").map((one) => one.trim());
      const labels = { note: note.value.trim(), tags: [...new Set(words.filter(Boolean))] };
      const changed = await label(app, entry, labels, `Write on output ${entry.number}`);
      if (changed) onChange(changed);
      return Boolean(changed);
    },
  });
}

/**
 * Ask where the file of an output is now.
 * @param {App} app @param {Entry} entry @param {(entry: Entry) => void} onChange
 */
export function askForFile(app, entry, onChange) {
  const file = new TextField({
    name: "File",
    value: entry.file,
    hint: "The whole path. It must hold the same samples.",
  });
  ask({
    title: `Where is output ${entry.number}?`,
    fields: [file],
    action: "Find it there",
    onDone: async () => {
      const found = await locate(app, entry, file.value.trim());
      if (found) onChange(found);
      return Boolean(found);
    },
  });
}

/**
 * @param {{title: string, fields: TextField[], action: string, onDone: () => Promise<boolean>}} about `onDone` says
 *     whether it may be closed
 */
function ask({ title, fields, action, onDone }) {
  const end = async () => (await onDone()) && dialog.close();
  const done = button({ label: action, kind: "primary", onPress: end });
  const body = element("div", { class: "stack" }, ...fields.map((one) => one.element));
  body.addEventListener("keydown", (event) => {
    const isLine = event.target instanceof HTMLInputElement;
    if (event.key !== "Enter" || !(isLine || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    end();
  });
  const dialog = new Dialog({ title, body: [body], actions: [done], onClose: () => dialog.destroy() });
  dialog.open();
  fields[0].input.focus();
}
