// @ts-check
/** All models as cards, newest first or as a person wants them: searched while typing, walked with the arrow keys. */
import { get } from "../../core/api.js";
import { ORDERS, parentsWords, sortCards } from "../../logic/library.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { Select } from "../../widgets/select.js";
import { discard, exportModel, fullName, measure, play } from "./acts.js";
import { ModelCard } from "./card.js";
import { nothing, nothingFound } from "./empty.js";
import { importFile } from "./importing.js";
import { Windowed } from "./windowed.js";

/** @typedef {import("../../logic/library.js").Card} Model */

const CARD_HEIGHT = 236; // its gap included; as in models.css
const SOON_MS = 30;

export class Models {
  /** @type {Model[]|null} */
  #models = null;
  /** @type {Map<string, string>} */
  #names = new Map();
  #words = "";
  #asked = 0;
  #timer = 0;

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.order = app.preferences.page?.library_order ?? "newest";
    this.select = new Select({
      name: "Sort by",
      shown: false,
      options: ORDERS,
      value: this.order,
      onCommit: (order) => this.#sort(order),
    });
    this.tools = [
      this.select.element,
      button({ label: "Import model", icon: "upload", onPress: () => importFile(app) }),
    ];
    this.scroller = element("div", { class: "library__scroller", tabindex: -1 });
    this.list = new Windowed(this.scroller, {
      name: "Models",
      rowHeight: CARD_HEIGHT,
      gap: 12,
      minWidth: 300,
      keyOf: (one) => one.id,
      make: (one) => this.#make(one),
    });
    this.message = element("div", { class: "library__message" });
    this.scroller.append(this.list.element, this.message);
    this.element = this.scroller;
    this.placeholder = "Search names, tags, notes, recordings";
    app.session.addEventListener("model", () => this.#models && this.list.setItems(this.list.items));
    this.#wait();
  }

  /** @param {string} words */
  search(words) {
    this.#words = words;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.load(), SOON_MS);
  }

  async load() {
    const asked = ++this.#asked;
    const found = await this.app.attempt(get("/api/models", { words: this.#words }));
    if (!found || asked !== this.#asked) return;
    this.#models = found.models;
    if (found.models.some((/** @type {Model} */ one) => one.kind === "blend")) await this.#learnNames();
    if (asked === this.#asked) this.#show();
  }

  /** Act on a key. @param {string} key */
  press(key) {
    const { current } = this.list;
    const at = this.list.next(key);
    if (at !== null) this.list.goTo(this.#hasFocus() || key.length < 5 ? at : this.list.at);
    else if (!current) return;
    else if (key === "Enter") this.app.go("library", "models", current.id);
    else if (key === "Delete") this.#discard(current);
    else if (key === "P" && !current.problem) play(this.app, current.id);
    else if (key === "F2") this.app.go("library", "models", current.id, "name");
  }

  /** Give the focus to the model that had it last. */
  focus() {
    this.list.goTo(this.list.at);
  }

  #hasFocus() {
    return this.list.element.contains(document.activeElement);
  }

  #show() {
    const models = this.#models ?? [];
    this.list.setItems(sortCards(models, this.order));
    this.select.setDisabled(models.length < 2);
    const none = this.#words
      ? nothingFound("model", this.#words)
      : nothing({
          icon: "map",
          title: "No models yet",
          words: "A model is what the program learns from recordings. Train one, or import the file of one.",
          acts: [
            button({ label: "Add recordings", kind: "primary", onPress: () => this.app.go("collect") }),
            button({ label: "Import model file", icon: "upload", onPress: () => importFile(this.app) }),
          ],
        });
    this.message.replaceChildren(...(models.length ? [] : [none]));
  }

  /** Names of the models that blends are made of, which may be earlier versions. */
  async #learnNames() {
    const found = await this.app.attempt(get("/api/models", { all_versions: 1 }));
    for (const one of found?.models ?? []) this.#names.set(one.id, fullName(one));
  }

  /** Places where cards will stand. */
  #wait() {
    const places = Array.from({ length: 6 }, () => element("div", { class: "panel model-card model-card--waiting" }));
    this.message.replaceChildren(element("div", { class: "library__waiting", "aria-hidden": "true" }, ...places));
  }

  /** @param {Model} model */
  #make(model) {
    return new ModelCard(model, this.app.words.sliders, {
      onPlay: (one) => play(this.app, one.id),
      inUse: () => this.app.session.model,
      parentsOf: (one) => parentsWords(one.parents, this.#names),
      items: (one) => this.#items(one),
    });
  }

  /** @param {Model} model @returns {import("../../widgets/menu.js").Item[]} */
  #items(model) {
    const { app } = this;
    const damaged = Boolean(model.problem);
    return [
      { text: "Open", icon: "info", key: "Enter", onPress: () => app.go("library", "models", model.id) },
      { text: "Play it", icon: "play", key: "P", disabled: damaged, onPress: () => play(app, model.id) },
      {
        text: "Rename",
        icon: "edit",
        key: "F2",
        disabled: damaged,
        onPress: () => app.go("library", "models", model.id, "name"),
      },
      {
        text: "Add recordings to it",
        icon: "plus",
        disabled: damaged,
        divided: true,
        onPress: () => app.go("train", "extend", model.id),
      },
      { text: "Measure further", icon: "reset", disabled: damaged, onPress: () => measure(app, model) },
      { text: "Export model file", icon: "export", disabled: damaged, onPress: () => exportModel(app, model) },
      {
        text: "Delete",
        icon: "trash",
        key: "Delete",
        danger: true,
        divided: true,
        onPress: () => this.#discard(model),
      },
    ];
  }

  /** @param {Model} model */
  async #discard(model) {
    const had = this.#hasFocus();
    if (!(await discard(this.app, "models", model))) return;
    await this.load();
    if (had || document.activeElement === document.body) this.focus();
  }

  /** @param {string} order */
  #sort(order) {
    this.order = order;
    this.app.prefer({ library_order: order });
    this.scroller.scrollTop = 0;
    this.#show();
  }
}
