// @ts-check
/**
 * Variations: nine small ones around what is set, over the middle of Play. Pointing at one lets it be heard, pressing
 * it takes it, and nine more are offered around that. Nothing is learned from it; what is taken can be taken back.
 */
import { COUNT, nameMoves, vary } from "../../../logic/variations.js";
import { button } from "../../../parts/button.js";
import { element } from "../../../parts/element.js";
import { ShareSlider } from "../../../widgets/share-slider.js";
import { TakeMaker } from "./take-maker.js";
import { TileHearing } from "./tile-hearing.js";
import { Tile } from "./tile.js";

const SECONDS = 2; // of a preview
const PATIENCE_MS = 250; // after a change, until others are offered
const USUAL_AMOUNT = 0.3;
const COLUMNS = 3;

export class Variations {
  #round = 0;
  #timer = 0;
  #isTaking = false;
  /** @type {import("../../../logic/variations.js").Variation[]} */
  #offered = [];

  /** @param {import("../play.js").Play} play */
  constructor(play) {
    const { app } = play;
    this._play = play;
    this.maker = new TakeMaker();
    this.hearing = new TileHearing(app);
    this.button = button({
      label: "Variations",
      tip: "Nine small variations around what is set, to be heard and taken.",
      onPress: () => this.toggle(),
    });
    this.button.setAttribute("aria-expanded", "false");
    this.tiles = Array.from({ length: COUNT }, (_, place) => new Tile(place, this.#actions()));
    const amount = app.preferences.page?.variation_amount ?? USUAL_AMOUNT;
    this.amount = new ShareSlider({
      name: "Amount of variation",
      value: amount,
      origin: USUAL_AMOUNT,
      write: (share) => (share < 0.25 ? "small" : share < 0.6 ? "medium" : "wide"),
      onInput: () => this.#offerSoon(),
      onCommit: (share) => (app.prefer({ variation_amount: share }), this.#offerSoon()),
    });
    this.more = button({ label: "Nine others", icon: "dice", onPress: () => this.#offer() });
    const away = button({ label: "Close variations", kind: "icon", icon: "close", onPress: () => this.close() });
    const slider = element(
      "div",
      { class: "variations__amount" },
      element("span", { class: "small", text: "Amount", "aria-hidden": "true" }),
      this.amount.element,
    );
    this.said = element("p", { class: "variations__said small" });
    this.element = element(
      "section",
      { class: "panel variations", "aria-label": "Variations", on: { keydown: (event) => this.#key(event) } },
      element("div", { class: "panel__head" }, element("h2", { text: "Variations" }), slider, this.more, away),
      element("div", { class: "variations__grid" }, ...this.tiles.map((tile) => tile.element)),
      this.said,
    );
    app.session.addEventListener("change", () => this.isOpen && !this.#isTaking && this.#offerSoon());
    for (const name of ["model", "locks"]) app.session.addEventListener(name, () => this.isOpen && this.#offerSoon());
  }

  get isOpen() {
    return this.element.isConnected;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open() {
    const { app, drawer, map } = this._play;
    if (!app.session.model) return;
    app.player.pause();
    app.aside.wake();
    drawer.close();
    map.element.closest(".play__floor")?.append(this.element);
    this.button.setAttribute("aria-expanded", "true");
    this.#offer();
    this.tiles[0].element.focus({ preventScroll: true });
  }

  close() {
    const hadFocus = this.element.contains(document.activeElement);
    this.maker.stop();
    window.clearTimeout(this.#timer);
    this.hearing.hush();
    this.element.remove();
    this.button.setAttribute("aria-expanded", "false");
    if (hadFocus) this.button.focus();
  }

  #offerSoon() {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#offer(), PATIENCE_MS);
  }

  /** Offer nine, around what is set now. */
  async #offer() {
    const { app, data } = this._play;
    const { settings, locks } = app.session;
    window.clearTimeout(this.#timer);
    this.hearing.hush();
    const around = {
      settings,
      sliders: data.sliders,
      locked: locks,
      limits: app.words.generate,
      limit: app.words.limit,
    };
    this.#offered = vary(around, Number(this.amount.range.element.value), settings.seed + 7919 * ++this.#round);
    const round = this.#round;
    this.#offered.forEach(({ moves }, at) => this.tiles[at].clear(nameMoves(moves, data.allSliders)));
    this.said.textContent = "Point at one to hear it, press it to take it. Locked sliders stay.";
    const model = /** @type {string} */ (app.session.model);
    const wanted = this.#offered.map((one) => ({ model, settings: askedOf(app, one.settings) }));
    const put = (/** @type {number} */ at, /** @type {import("../../../core/take.js").Take} */ take) => {
      this.tiles[at].setTake(take, `round ${round}`);
      if (this.tiles[at] === this.hearing.heard) this.hearing.hear(this.tiles[at]);
    };
    const preferred = () => this.hearing.heard?.place ?? -1;
    await this.maker.make(wanted, SECONDS, put, preferred).catch((error) => (this.said.textContent = error.message));
  }

  #actions() {
    return {
      onHear: (/** @type {Tile} */ tile) => this.hearing.hear(tile),
      onLeave: (/** @type {Tile} */ tile) => tile === this.hearing.heard && this.hearing.hush(),
      onTake: (/** @type {Tile} */ tile) => this.#take(tile),
    };
  }

  /** It becomes what is set; nine others are offered around it. @param {Tile} tile */
  #take(tile) {
    const { app } = this._play;
    const chosen = this.#offered[tile.place];
    if (!chosen) return;
    const heard = app.exploring.hearsChanges;
    this.#isTaking = true;
    app.exploring.hearsChanges = false;
    app.session.replace(chosen.settings, "Take a variation");
    app.exploring.hearsChanges = heard;
    this.#isTaking = false;
    app.say(`Variation ${tile.place + 1} is taken`, { words: "Undo", run: () => app.undo() });
    this.#offer();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.tiles.findIndex((tile) => tile.element === event.target);
    const steps = /** @type {Record<string, number>} */ ({
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -COLUMNS,
      ArrowDown: COLUMNS,
    });
    if (event.key === "Escape") this.close();
    else if (at >= 0 && event.key in steps) this.tiles[at + steps[event.key]]?.element.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/**
 * Settings as a request takes them.
 * @param {import("../../../core/app.js").App} app @param {Record<string, any>} settings
 */
function askedOf({ session }, settings) {
  const { fits } = session;
  const sliders = Object.fromEntries(Object.entries(settings.sliders).filter(([name]) => !fits || fits.has(name)));
  return { ...settings, sliders };
}
