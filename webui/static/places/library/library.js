// @ts-check
/** Library: what was learned and kept. Models, and one of them in full; presets; data sets; the trash. */
import { addShortcuts } from "../../core/keys.js";
import { assign, element } from "../../parts/element.js";
import { TextField } from "../../widgets/text-field.js";
import { ModelPage } from "./model-page.js";
import { Models } from "./models.js";
import { Presets } from "./presets.js";
import { Sets } from "./sets.js";
import { Strips } from "./strips.js";
import { Trash } from "./trash.js";

const PARTS = /** @type {const} */ ([
  ["models", "Models"],
  ["presets", "Presets"],
  ["sets", "Sets"],
  ["trash", "Trash"],
]);

/** @param {import("../../core/app.js").App} app */
export const create = (app) => new Library(app);

class Library {
  /** @type {"models"|"presets"|"sets"|"trash"} */
  part = "models";
  searched = ""; // part of which the search field holds words
  model = ""; // id of the one that is shown in full

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.lists = { models: new Models(app), presets: new Presets(app), sets: new Sets(app), trash: new Trash(app) };
    this.page = new ModelPage(app);
    this.links = PARTS.map(([name, text]) =>
      element("a", { class: "library__tab", href: name === "models" ? "#/library" : `#/library/${name}`, text }),
    );
    this.search = new TextField({
      name: "Search",
      look: "search",
      placeholder: "Search",
      onInput: (words) => this.list.search(words),
    });
    this.search.input.addEventListener("keydown", (event) => this.#leaveSearch(/** @type {KeyboardEvent} */ (event)));
    this.search.element.classList.add("library__search");
    this.tools = element("div", { class: "library__tools" });
    this.head = element(
      "header",
      { class: "library__head" },
      element("h1", { class: "unseen", text: "Library" }),
      element("nav", { class: "library__tabs", "aria-label": "Parts of the library" }, ...this.links),
      this.search.element,
      this.tools,
    );
    this.body = element("div", { class: "library__body" });
    this.element = element("div", { class: "library" }, this.head, new Strips(app).element, this.body);
    for (const [noun] of PARTS) app.state.on(noun, () => this.#changed(noun));
    app.state.on("history", () => this.#changed("trash"));
    addShortcuts(this.#shortcuts());
  }

  get list() {
    return this.lists[this.part];
  }

  /** @param {string[]} parts "models" with or without an id, "presets", "sets", "trash", or nothing */
  show([wanted, id = "", what]) {
    const before = this.model;
    this.part = PARTS.find(([name]) => name === wanted)?.[0] ?? "models";
    this.model = this.part === "models" ? id : "";
    this.head.hidden = Boolean(this.model);
    PARTS.forEach(([name], at) => assign(this.links[at], { "aria-current": name === this.part ? "true" : null }));
    if (this.model) this.page.show(this.model, what);
    else this.page.hide();
    const shown = this.model ? this.page : this.list;
    if (this.body.firstChild !== shown.element) this.body.replaceChildren(shown.element);
    if (this.model) return;
    this.#showTools();
    this.list.load().then(() => before && this.part === "models" && this.lists.models.focus());
  }

  hide() {
    this.page.hide();
  }

  #showTools() {
    this.tools.replaceChildren(...this.list.tools);
    this.search.input.placeholder = this.list.placeholder;
    if (this.searched === this.part) return;
    this.searched = this.part;
    this.search.setValue("");
    this.list.search("");
  }

  /** Something has changed in the program. @param {string} noun */
  #changed(noun) {
    if (this.app.place !== "library") return;
    if (this.model) noun === "models" && this.page.load();
    else if (noun === this.part) this.list.load();
  }

  /** @param {KeyboardEvent} event */
  #leaveSearch(event) {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      this.list.focus();
    } else if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault(); // a field with words in it was emptied by this key, and keeps the focus
      this.search.input.blur();
    }
  }

  #shortcuts() {
    const group = "Library";
    const lists = () => this.app.place === "library" && !this.model;
    const full = () => this.app.place === "library" && Boolean(this.model);
    const press = (/** @type {string} */ keys, /** @type {string} */ words, hidden = false) => ({
      keys,
      words,
      group,
      hidden,
      when: lists,
      run: () => this.list.press(keys),
    });
    return [
      { keys: "/", words: "Search", group, when: lists, run: () => this.search.input.focus() },
      { keys: "←→↑↓", words: "To the next one", group, when: () => false, run: () => {} },
      ...["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"].map((keys) => press(keys, "", true)),
      press("Home", "First", true),
      press("End", "Last", true),
      press("PageDown", "Further down", true),
      press("PageUp", "Further up", true),
      press("Enter", "Open"),
      press("P", "Play it"),
      press("F2", "Rename"),
      press("Delete", "Delete, or restore from the trash"),
      { keys: "Escape", words: "Back to all models", group, when: full, run: () => this.app.go("library") },
      { keys: "P", words: "Play it", group, hidden: true, when: full, run: () => this.page.play() },
      { keys: "F2", words: "Rename", group, hidden: true, when: full, run: () => this.page.rename() },
      { keys: "Delete", words: "Delete", group, hidden: true, when: full, run: () => this.page.discard() },
    ];
  }
}
