// @ts-check
/**
 * The page: what its places share, and which of them is shown. A place is a module of `places/` with
 *
 *   export function create(app) -> {element, show?(parts), hide?()}
 *
 * and is loaded when it is shown first.
 */
import { get, patch, post } from "./api.js";
import { Exploring } from "./exploring.js";
import { addShortcuts, listenToKeys } from "./keys.js";
import { Player } from "./player.js";
import { Session } from "./session.js";
import { ProgramState } from "./state.js";
import { History } from "./undo.js";

export const PLACES = ["collect", "train", "play", "library"];
const WELCOME = "welcome";

export class App {
  /** @param {HTMLElement} main where places are shown @param {any} system @param {any} words @param {any} preferences */
  constructor(main, system, words, preferences) {
    this.system = system;
    this.words = words;
    this.preferences = preferences;
    this.state = new ProgramState();
    this.history = new History(() => this._tell("history"));
    const defaults = Object.fromEntries(Object.entries(words.generate).map(([name, one]) => [name, one.default]));
    delete defaults.device;
    this.session = new Session(defaults, this.history);
    this.player = new Player();
    this.aside = new Player();
    this.exploring = new Exploring(this.session, this.player, this.aside, (error) => this.fail(error));
    this.events = new EventTarget();
    this.place = "";
    this._turn = 0; // of the place that is wanted last
    /** @type {any[]} what was dropped and waits for Collect */
    this.pendingDrop = [];
    this._main = main;
    /** @type {Map<string, any>} */
    this._places = new Map();
    /** @type {Map<string, Promise<any>>} places that are on their way: none is made twice */
    this._loading = new Map();
  }

  /** Say what happened, to everybody. @param {string} text @param {{words: string, run: () => any}} [action] */
  say(text, action) {
    this._tell("say", { text, action });
  }

  /** Say what went wrong. @param {any} error */
  fail(error) {
    if (error?.name === "AbortError") return;
    this._tell("fail", { text: error?.message ?? String(error), code: error?.code ?? "" });
  }

  /** Do something that may be refused; what is refused is said. @template T @param {Promise<T>} work @returns {Promise<T|null>} */
  async attempt(work) {
    try {
      return await work;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /** Go to a place. @param {string} place @param {...string} parts what is shown there: an id */
  go(place, ...parts) {
    window.location.hash = ["#", place, ...parts.map(encodeURIComponent)].join("/");
  }

  /** Change what the person prefers of this page. @param {Record<string, any>} values */
  async prefer(values) {
    this.preferences = await patch("/api/preferences", { page: values }).catch(() => this.preferences);
    this._tell("preferences");
  }

  /** Begin: listen, and show the place that the address names. */
  async start() {
    window.addEventListener("hashchange", () => this._show());
    listenToKeys();
    addShortcuts([
      { keys: "Ctrl+Z", words: "Undo", group: "Everywhere", run: () => this.undo() },
      { keys: "Ctrl+Shift+Z", words: "Redo", group: "Everywhere", run: () => this.redo() },
      { keys: "1", words: "Collect", group: "Everywhere", run: () => this.go("collect") },
      { keys: "2", words: "Train", group: "Everywhere", run: () => this.go("train") },
      { keys: "3", words: "Play", group: "Everywhere", run: () => this.go("play") },
      { keys: "4", words: "Library", group: "Everywhere", run: () => this.go("library") },
    ]);
    await this._show();
    post("/api/system/arrived").catch(() => {});
    this.state.start();
  }

  /** Take the last step back, and say what it was. */
  async undo() {
    const words = await this.attempt(this.history.undo());
    if (words) this.say(`Undone: ${words}`);
  }

  /** Do the last step again that was taken back. */
  async redo() {
    const words = await this.attempt(this.history.redo());
    if (words) this.say(`Done again: ${words}`);
  }

  /** @param {string} what @param {(detail: any) => void} listener */
  on(what, listener) {
    this.events.addEventListener(what, (event) => listener(/** @type {CustomEvent} */ (event).detail));
  }

  async _show() {
    const [, wanted, ...parts] = window.location.hash.split("/").map(decodeURIComponent);
    const place = PLACES.includes(wanted) || wanted === WELCOME ? wanted : this.system.first_run ? WELCOME : "play";
    const turn = ++this._turn;
    const shown = this._places.get(place) ?? (await this.attempt(this._loadOnce(place)));
    if (!shown || turn !== this._turn) return;
    if (this.place !== place) {
      this._places.get(this.place)?.hide?.();
      this.place = place;
      this._main.replaceChildren(shown.element);
      document.documentElement.dataset.place = place;
    }
    shown.show?.(parts);
    this._tell("place", place);
  }

  /** Load a place, or wait for it where it is being loaded. @param {string} place */
  _loadOnce(place) {
    const loading = this._loading.get(place) ?? this._load(place).finally(() => this._loading.delete(place));
    this._loading.set(place, loading);
    return loading;
  }

  /** @param {string} place */
  async _load(place) {
    const module = await import(`../places/${place}/${place}.js`).catch(() => {
      throw new Error("This part of the page did not come. Reload the page once the program answers.");
    });
    const made = module.create(this);
    this._places.set(place, made);
    return made;
  }

  /** @param {string} what @param {any} [detail] */
  _tell(what, detail) {
    this.events.dispatchEvent(new CustomEvent(what, { detail }));
  }
}

/** Ask for what the page needs, all at once, and begin. @param {HTMLElement} main */
export async function begin(main) {
  const [system, words, preferences] = await Promise.all([get("/api/system"), get("/api/settings"), get("/api/preferences")]);
  return new App(main, system, words, preferences);
}
