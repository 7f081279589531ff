// @ts-check
/** The head from above, with the sounds of what is on around it: they light up and move as they are heard. */
import { post } from "../../core/api.js";
import { placeSources } from "../../logic/scene.js";
import { HeadView } from "../../widgets/head-view.js";

const STRETCH_SECONDS = 20; // asked for at once
const PATIENCE_MS = 150; // after a change
const FRAME_MS = 33;

export class SceneView {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    this._play = play;
    this._key = "";
    this._timer = 0;
    this._drawnAt = 0;
    /** @type {import("../../logic/scene.js").Scene} */
    this._scene = { step_seconds: 1, sounds: [] };
    this.view = new HeadView();
    this.element = this.view.element;
    play.deck.addEventListener("on", () => this.#soon());
    play.deck.addEventListener("frame", () => this.#draw());
  }

  /** Whether it is of use now. */
  get isShown() {
    return this._play.deck.on.settings.channels === "binaural" && this.element.offsetParent !== null;
  }

  /** It has come into view. */
  show() {
    this.#soon();
  }

  #soon() {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this.#look(), PATIENCE_MS);
  }

  /** Ask where the sounds of this stretch are, unless that is known. */
  async #look() {
    if (!this.isShown) return;
    const { deck, app } = this._play;
    const settings = deck.on.entry ? deck.on.settings : app.session.asked;
    const start = Math.floor(deck.playhead / STRETCH_SECONDS) * STRETCH_SECONDS;
    const body = { settings: ofScene(settings), start, seconds: STRETCH_SECONDS };
    const key = JSON.stringify(body);
    if (key === this._key) return;
    this._key = key;
    this._start = start;
    const found = await post("/api/scene", body).catch(() => null);
    if (!found || key !== this._key) return;
    this._scene = found;
    this.#draw(true);
  }

  #draw(isNew = false) {
    const now = performance.now();
    if ((!isNew && now - this._drawnAt < FRAME_MS) || !this.isShown) return;
    this._drawnAt = now;
    const { deck } = this._play;
    this.view.setSources(placeSources(this._scene, deck.playhead, deck.player.state === "playing"));
    if (Math.floor(deck.playhead / STRETCH_SECONDS) * STRETCH_SECONDS !== this._start) this.#look();
  }
}

const NEEDED = ["movement", "orbit_seconds", "distance", "duration", "density", "seed", "loop", "one_shot", "channels"];

/** The settings that say where sounds are. @param {Record<string, any>} settings */
const ofScene = (settings) => Object.fromEntries(Object.entries(settings).filter(([name]) => NEEDED.includes(name)));
