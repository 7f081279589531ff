// @ts-check
/** Fields for the tags of a file. Artist and album are remembered; title and comment belong to one sound. */
import { element } from "../../parts/element.js";
import { TextField } from "../../widgets/text-field.js";

const NAMES = /** @type {const} */ (["title", "artist", "album", "comment"]);
const REMEMBERED = ["artist", "album"];

export class TagFields {
  /** @param {Record<string, string>} before */
  constructor(before) {
    this.fields = NAMES.map((name) => ({
      name,
      field: new TextField({
        name: name.charAt(0).toUpperCase() + name.slice(1),
        value: REMEMBERED.includes(name) ? (before[name] ?? "") : "",
      }),
    }));
    this.element = element(
      "div",
      { class: "export__grid export__tags" },
      ...this.fields.map(({ field }) => field.element),
    );
  }

  /** As a request takes them: without those that are empty. */
  get tags() {
    const given = this.fields.map(({ name, field }) => [name, field.value.trim()]);
    return Object.fromEntries(given.filter(([, text]) => text));
  }

  /** The values that are remembered. */
  get kept() {
    return Object.fromEntries(REMEMBERED.map((name) => [name, this.tags[name] ?? ""]));
  }
}
