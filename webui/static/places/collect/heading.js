// @ts-check
/**
 * Above the table: the set's name, which is changed in place, the doctor's verdict, and what is done with the set as a
 * whole.
 */
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { countWords } from "../../logic/recordings.js";
import { Menu } from "../../widgets/menu.js";
import { TextField } from "../../widgets/text-field.js";

/**
 * @typedef {object} HeadingActions
 * @property {(name: string) => any} onRename @property {(set: string) => any} onOpen @property {() => any} onNew
 * @property {() => any} onAdd @property {(() => any)|null} onFolder null where there is no native dialog
 * @property {() => any} onExamine @property {() => any} onDelete
 */

const MOST_LISTED = 12;

export class Heading {
  /** @type {Record<string, any>[]} */
  sets = [];
  /** @type {string|null} */
  id = null;

  /** @param {HeadingActions} actions */
  constructor(actions) {
    this.actions = actions;
    this.field = new TextField({
      name: "Name of the set",
      look: "quiet",
      onInput: (text) => this.#fit(text),
      onCommit: (text) => actions.onRename(text),
    });
    this.name = element("div", { class: "collect__name" }, this.field.element);
    const more = button({ label: "Data sets", kind: "icon", icon: "chevron-down" });
    new Menu(more, () => this.#items());
    this.verdict = element("p", { class: "quiet collect__verdict" });
    this.folder = element("p", { class: "small ellipsis collect__folder", hidden: true });
    this.add = button({ label: "Add recordings", icon: "plus", onPress: actions.onAdd });
    this.element = element(
      "header",
      { class: "collect__head" },
      element("h1", { class: "unseen", text: "Collect" }),
      element(
        "div",
        { class: "collect__words" },
        element("div", { class: "collect__title" }, this.name, more),
        this.verdict,
        this.folder,
      ),
      element("div", { class: "collect__tools" }, this.add),
    );
  }

  /** @param {import("./open-set.js").Contents} set @param {Record<string, any>[]} sets */
  show(set, sets) {
    [this.id, this.sets] = [set.id, sets];
    if (document.activeElement !== this.field.input) {
      this.field.setValue(set.name);
      this.#fit(set.name);
    }
    this.verdict.textContent = set.verdict;
    this.verdict.toggleAttribute("data-problem", Boolean(set.problem));
    this.folder.hidden = !set.folder;
    this.folder.textContent = `In ${set.folder}`;
    this.folder.title = set.folder ?? "";
  }

  /** Put the name back that the set has. @param {string} name */
  reset(name) {
    this.field.setValue(name);
    this.#fit(name);
  }

  /** Choose the name, to type another one. */
  edit() {
    this.field.input.focus();
    this.field.input.select();
  }

  /** @returns {import("../../widgets/menu.js").Item[]} */
  #items() {
    const { onOpen, onNew, onFolder, onExamine, onDelete } = this.actions;
    const listed = this.sets.slice(0, MOST_LISTED);
    return [
      ...listed.map(({ id, name, files }) => ({
        text: `${name} · ${countWords(files)}`,
        icon: id === this.id ? "check" : undefined,
        onPress: () => onOpen(id),
      })),
      { text: "New set", icon: "plus", divided: true, onPress: onNew },
      ...(onFolder ? [{ text: "New set of a folder…", icon: "folder", onPress: onFolder }] : []),
      { text: "Rename", icon: "edit", key: "F2", divided: true, onPress: () => this.edit() },
      { text: "Examine again", icon: "reset", onPress: onExamine },
      { text: "Delete this set", icon: "trash", danger: true, onPress: onDelete },
    ];
  }

  /** Keep the field as wide as the name. @param {string} text */
  #fit(text) {
    this.name.dataset.text = text || " ";
  }
}
