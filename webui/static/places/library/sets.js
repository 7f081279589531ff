// @ts-check
/** All data sets: each can be opened in Collect, learned from, renamed, and deleted with a way back. */
import { get } from "../../core/api.js";
import { search, showDay } from "../../logic/library.js";
import { countWords } from "../../logic/recordings.js";
import { showLength } from "../../logic/time-axis.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { chip } from "../../widgets/chip.js";
import { TextField } from "../../widgets/text-field.js";
import { discard, label } from "./acts.js";
import { nothing } from "./empty.js";
import { Rows } from "./rows.js";

/** @typedef {Record<string, any>} DataSet */

export class Sets {
  /** @type {DataSet[]} */ #sets = [];
  #words = "";
  placeholder = "Search data sets";

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.tools = [button({ label: "Add recordings", icon: "plus", onPress: () => app.go("collect") })];
    this.rows = new Rows({
      name: "Data sets",
      one: "data set",
      rowHeight: 64,
      keyOf: (/** @type {DataSet} */ one) => one.id,
      make: (/** @type {DataSet} */ one) => new SetRow(app, one, (set) => this.#discard(set)),
      empty: () => this.#empty(),
    });
    this.element = this.rows.scroller;
  }

  /** @param {string} words */
  search(words) {
    this.#words = words;
    this.#show();
  }

  async load() {
    const found = await this.app.attempt(get("/api/sets"));
    if (!found) return;
    this.#sets = found.sets;
    this.#show();
  }

  /** @param {string} key */
  press(key) {
    if (this.rows.move(key)) return;
    const { current } = this.rows.list;
    if (!current) return;
    if (key === "Enter") this.app.go("collect", current.id);
    else if (key === "F2") this.rows.list.made(current)?.rename();
    else if (key === "Delete") this.#discard(current);
  }

  focus() {
    this.rows.focus();
  }

  #show() {
    this.rows.show(
      search(this.#sets, this.#words, (one) => `${one.name} ${one.folder ?? ""}`),
      this.#words,
    );
  }

  /** @param {DataSet} set */
  async #discard(set) {
    if (await discard(this.app, "sets", set)) await this.load();
    this.rows.focus();
  }

  #empty() {
    return nothing({
      icon: "list",
      title: "No data sets yet",
      words:
        "A data set is the recordings that a model learns from. Collect some, and they are kept here under a name.",
      acts: [button({ label: "Add recordings", kind: "primary", onPress: () => this.app.go("collect") })],
    });
  }
}

class SetRow {
  /** @param {import("../../core/app.js").App} app @param {DataSet} set @param {(set: DataSet) => void} onDelete */
  constructor(app, set, onDelete) {
    this.app = app;
    this.set = set;
    this.name = new TextField({
      name: `Name of ${set.name}`,
      look: "quiet",
      onCommit: (name) => this.#rename(name.trim()),
    });
    this.name.element.classList.add("preset-row__name");
    this.where = element("p", { class: "small ellipsis" });
    this.amount = element("p", { class: "number ellipsis" });
    this.day = element("p", { class: "small" });
    this.problem = element("div", {});
    this.open = button({ label: "Open", onPress: () => app.go("collect", this.set.id) });
    this.learn = button({
      label: "Learn from these",
      kind: "plain",
      onPress: () => app.go("train", "set", this.set.id),
    });
    const away = button({
      label: `Delete ${set.name}`,
      kind: "icon",
      icon: "trash",
      onPress: () => onDelete(this.set),
    });
    this.element = element(
      "div",
      { class: "row set-row" },
      element("div", { class: "row__two" }, this.name.element, this.where),
      element("div", { class: "row__two row__about" }, this.amount, this.day),
      this.problem,
      element("div", { class: "row__acts" }, this.learn, this.open, away),
    );
    this.update(set);
  }

  /** @param {DataSet} set */
  update(set) {
    this.set = set;
    if (this.name.input !== document.activeElement) this.name.setValue(set.name);
    this.where.textContent = set.folder ? `In ${set.folder}` : "Kept by the program";
    this.where.title = set.folder ?? "";
    this.amount.textContent = [countWords(set.files), set.seconds ? showLength(set.seconds) : "not examined yet"].join(
      " · ",
    );
    this.day.textContent = showDay(set.created);
    this.problem.replaceChildren(
      ...(set.problem ? [chip({ text: "cannot be read", kind: "bad", tip: set.problem })] : []),
    );
    this.learn.disabled = Boolean(set.problem) || !set.files;
    this.open.setAttribute("aria-label", `Open ${set.name}`);
    this.learn.setAttribute("aria-label", `Learn from these: ${set.name}`);
  }

  focus() {
    this.open.focus({ preventScroll: true });
  }

  rename() {
    this.name.input.focus();
    this.name.input.select();
  }

  /** @param {string} name */
  async #rename(name) {
    const changed = name && (await label(this.app, "sets", this.set, { name }));
    if (changed) this.set = { ...this.set, name: changed.name };
    this.name.setValue(this.set.name);
  }
}
