// @ts-check
/** Everything that was deleted, until the trash is emptied: each can be brought back. */
import { get, post } from "../../core/api.js";
import { search, showDay, trashWords } from "../../logic/library.js";
import { showBytes } from "../../logic/numbers.js";
import { showLength } from "../../logic/time-axis.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { icon } from "../../parts/icon.js";
import { fullName, restore, restoreRecording } from "./acts.js";
import { Emptying } from "./emptying.js";
import { nothing } from "./empty.js";
import { Rows } from "./rows.js";

/** @typedef {{noun: string, thing: Record<string, any>, name: string, words: string, setName?: string}} Deleted */

const NOUNS = /** @type {Record<string, [string, string]>} */ ({
  models: ["Model", "map"],
  history: ["Output", "headphones"],
  presets: ["Preset", "pin"],
  sets: ["Data set", "list"],
  recordings: ["Recording", "headphones"],
});

export class Trash {
  /** @type {Deleted[]} */ #deleted = [];
  #words = "";
  placeholder = "Search the trash";

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.emptying = new Emptying(() => this.#empty());
    this.tools = [this.emptying.element];
    this.rows = new Rows({
      name: "Trash",
      one: "deleted thing",
      rowHeight: 56,
      keyOf: (/** @type {Deleted} */ { noun, thing }) => `${noun} ${thing.set ?? ""} ${thing.id}`,
      make: (/** @type {Deleted} */ one) => this.#make(one),
      empty: () =>
        nothing({
          icon: "trash",
          title: "The trash is empty",
          words: "Models, outputs, presets and data sets that you delete wait here, until you empty the trash.",
        }),
    });
    this.element = this.rows.scroller;
  }

  /** @param {string} words */
  search(words) {
    this.#words = words;
    this.#show();
  }

  async load() {
    const found = await this.app.attempt(Promise.all([get("/api/trash"), get("/api/sets")]));
    if (!found) return;
    const [trash, { sets }] = found;
    const setNames = new Map([...trash.sets, ...sets].map((one) => [one.id, one.name]));
    this.emptying.show(trashWords(trash), trash.size_bytes);
    this.#deleted = Object.keys(NOUNS).flatMap((noun) =>
      trash[noun].map((/** @type {any} */ thing) => describe(noun, thing, setNames)),
    );
    this.#deleted.sort((a, b) => (b.thing.deleted ?? "").localeCompare(a.thing.deleted ?? ""));
    this.#show();
  }

  /** @param {string} key */
  press(key) {
    if (this.rows.move(key)) return;
    const { current } = this.rows.list;
    if (current && ["Delete", "Enter"].includes(key)) this.#restore(current);
  }

  focus() {
    this.rows.focus();
  }

  #show() {
    this.rows.show(
      search(this.#deleted, this.#words, ({ name, words }) => `${name} ${words}`),
      this.#words,
    );
  }

  /** @param {Deleted} one */
  #make(one) {
    const back = button({ label: "Restore", icon: "restore", onPress: () => this.#restore(one) });
    back.setAttribute("aria-label", `Restore ${one.name}`);
    const node = element(
      "div",
      { class: "row trash-row" },
      icon(NOUNS[one.noun][1]),
      element(
        "div",
        { class: "row__two" },
        element("p", { class: "ellipsis row__name", text: one.name }),
        element("p", { class: "small ellipsis", text: one.words }),
      ),
      back,
    );
    return { element: node, focus: () => back.focus({ preventScroll: true }) };
  }

  /** @param {Deleted} one */
  async #restore({ noun, thing, setName }) {
    const had = this.rows.hasFocus;
    if (noun === "recordings") await restoreRecording(this.app, thing, setName);
    else await restore(this.app, /** @type {any} */ (noun), thing);
    await this.load();
    if (had) this.rows.focus();
  }

  async #empty() {
    const gone = await this.app.attempt(post("/api/trash/purge"));
    if (gone) this.app.say(`${trashWords(gone)} removed for good`);
    this.app.state.ask();
    await this.load();
  }
}

/** @param {string} noun @param {Record<string, any>} thing @param {Map<string, string>} setNames @returns {Deleted} */
function describe(noun, thing, setNames) {
  const name =
    { models: fullName(thing), history: `${thing.model_name} ${thing.number}`, recordings: thing.name }[noun] ??
    thing.name;
  const setName = setNames.get(thing.set);
  const more = {
    models: showBytes(thing.size_bytes ?? 0),
    history: thing.seconds ? showLength(thing.seconds) : "",
    recordings: `taken out of ${setName ?? "a data set"}`,
  }[noun];
  return {
    noun,
    thing,
    name,
    setName,
    words: [NOUNS[noun][0], more, thing.deleted && `deleted ${showDay(thing.deleted)}`].filter(Boolean).join(" · "),
  };
}
