// @ts-check
/** The history: what was made, searched as it is typed, heard, labelled, compared, deleted with a way back. */
import { button, setPressed, toggle } from "../../../parts/button.js";
import { element } from "../../../parts/element.js";
import { tip } from "../../../parts/tip.js";
import { TextField } from "../../../widgets/text-field.js";
import { deleteEntry, feedBack, replay, reveal, takeSettings, toggleStar } from "./entry-acts.js";
import { EntryList } from "./entry-list.js";
import { askForFile, askForLabels } from "./entry-words.js";
import { HistoryStore } from "./history-store.js";

const PATIENCE_MS = 30; // of typing, until it is searched

/** @typedef {Record<string, any>} Entry */

export class HistoryPanel {
  #timer = 0;

  /** @param {import("../play.js").Play} play @param {import("./pair.js").Pair} pair */
  constructor(play, pair) {
    const { app, deck } = play;
    this._play = play;
    this._pair = pair;
    this.isBlind = false;
    this.store = new HistoryStore((error) => app.fail(error));
    this.search = new TextField({
      name: "Search the history",
      look: "search",
      placeholder: "Search",
      onInput: (words) => this.#search(words),
    });
    this.starred = toggle({
      label: "Only starred",
      icon: "star",
      onToggle: (starred) => this.store.filter({ starred }),
    });
    tip(this.starred, "Only outputs with a star.");
    this.empty = element("div", { class: "history__empty" });
    this.list = new EntryList(this.store, {
      onPlay: (entry) => this.#play(entry),
      onToggle: (entry) => (deck.on.entry?.id === entry.id ? deck.toggle() : this.#play(entry)),
      onStar: (entry) => this.#star(entry),
      items: (entry) => this.#items(entry),
      stateOf: (entry) => this.#stateOf(entry),
      onKey: (key, entry) => this.#key(key, entry),
    });
    this.element = element(
      "section",
      { class: "panel history", "aria-label": "History of outputs" },
      element("div", { class: "panel__head" }, element("h2", { text: "History" }), this.starred),
      element("div", { class: "history__search" }, this.search.element),
      this.empty,
      this.list.element,
    );
    this.store.addEventListener("change", () => this.#tell());
    for (const name of ["on", "state"]) deck.addEventListener(name, () => this.list.request());
    deck.addEventListener("frame", () => this.#follow());
    pair.addEventListener("pair", () => this.list.request());
    app.session.addEventListener("model", () => this.list.request());
    app.state.on("history", () => this.store.refresh());
    this.store.reload();
  }

  /** Hide which one is heard. @param {boolean} blind */
  setBlind(blind) {
    this.isBlind = blind;
    this.list.request();
  }

  /** @param {Entry} entry */
  #play(entry) {
    const { app, deck } = this._play;
    if (!entry.missing) return deck.playOutput(entry);
    app.say(`The file of output ${entry.number} is not where it was`, {
      words: "Make it again",
      run: () => replay(app, entry),
    });
  }

  /** @param {Entry} entry */
  async #star(entry) {
    const changed = await toggleStar(this._play.app, entry);
    this.store.put(changed ?? entry);
  }

  /** @param {Entry} entry */
  #stateOf(entry) {
    const { deck, app } = this._play;
    const on = !this.isBlind && deck.on.entry?.id === entry.id;
    return { on, playing: on && deck.isPlaying, side: this._pair.sideOf(entry.id), model: app.session.model };
  }

  /** @param {string} key @param {Entry} entry @returns {boolean} whether the key was for the row */
  #key(key, entry) {
    const acts = /** @type {Record<string, () => any>} */ ({
      Enter: () => this.#play(entry),
      a: () => this._pair.keep("a", entry),
      b: () => this._pair.keep("b", entry),
      "*": () => this.#star(entry),
      Delete: () => deleteEntry(this._play.app, entry),
      Backspace: () => deleteEntry(this._play.app, entry),
    });
    const act = acts[key.length === 1 ? key.toLowerCase() : key];
    act?.();
    return Boolean(act);
  }

  /** @param {Entry} entry @returns {import("../../../widgets/menu.js").Item[]} */
  #items(entry) {
    const { app } = this._play;
    const { missing } = entry;
    const export_ = () => app.events.dispatchEvent(new CustomEvent("export", { detail: { entry } }));
    return [
      { text: "Take its settings", icon: "path", onPress: () => takeSettings(app, entry) },
      { text: "Make it again", icon: "reset", onPress: () => replay(app, entry) },
      {
        text: "Keep as A",
        icon: "ab",
        key: "A",
        disabled: missing,
        divided: true,
        onPress: () => this._pair.keep("a", entry),
      },
      { text: "Keep as B", icon: "ab", key: "B", disabled: missing, onPress: () => this._pair.keep("b", entry) },
      {
        text: "Note and tags…",
        icon: "edit",
        divided: true,
        onPress: () => askForLabels(app, entry, (one) => this.store.put(one)),
      },
      { text: "Learn from it", icon: "upload", disabled: missing, onPress: () => feedBack(app, entry) },
      missing
        ? {
            text: "Say where it is…",
            icon: "folder",
            onPress: () => askForFile(app, entry, (one) => this.store.put(one)),
          }
        : { text: "Show in folder", icon: "folder", onPress: () => reveal(app, entry) },
      { text: "Export…", icon: "export", disabled: missing, onPress: export_ },
      {
        text: "Delete",
        icon: "trash",
        key: "Del",
        danger: true,
        divided: true,
        onPress: () => deleteEntry(app, entry),
      },
    ];
  }

  /** @param {string} words */
  #search(words) {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.list.element.scrollTop = 0;
      this.store.filter({ words });
    }, PATIENCE_MS);
  }

  #showAll() {
    this.search.setValue("");
    setPressed(this.starred, false);
    this.store.filter({ words: "", starred: false });
    this.search.input.focus();
  }

  /** Advice where nothing is listed. */
  #tell() {
    const { store } = this;
    const isEmpty = store.isLoaded && !store.count;
    this.empty.hidden = !isEmpty;
    this.list.element.toggleAttribute("data-empty", isEmpty);
    if (!isEmpty) return;
    const all = button({ label: "Show all", onPress: () => this.#showAll() });
    const words = store.isFiltered
      ? [element("p", { text: store.words ? "No output has these words." : "No output has a star yet." }), all]
      : [element("p", { text: "Nothing was made yet. Make keeps what you hear as a file, and it stands here." })];
    this.empty.replaceChildren(...words);
  }

  #follow() {
    const { deck } = this._play;
    const { entry } = deck.on;
    if (this._shownHead && this._shownHead !== entry?.id) this.list.setPlayhead(this._shownHead, null);
    this._shownHead = this.isBlind ? "" : (entry?.id ?? "");
    if (this._shownHead) this.list.setPlayhead(this._shownHead, deck.player.state === "stopped" ? null : deck.playhead);
  }

  _shownHead = "";
}
