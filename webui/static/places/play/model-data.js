// @ts-check
/**
 * The model in use, as Play needs it: all models by name, the card of this one, and what its sliders do. Event "model"
 * after every change. The map is fetched by its own panel, later.
 */
import { get, part } from "../../core/api.js";
import { spaceSliders } from "../../logic/slider-groups.js";

/** @typedef {Record<string, any>} Card */

export class ModelData extends EventTarget {
  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    super();
    this._app = app;
    /** @type {"loading"|"none"|"damaged"|"lost"|"ready"} */
    this.state = "loading";
    /** @type {Card[]} */
    this.models = [];
    /** @type {Card|null} */
    this.card = null;
    /** @type {import("../../logic/certificate.js").Slider[]} measured, of the model in use */
    this.sliders = [];
    this.problem = "";
    this._asked = 0;
    app.session.addEventListener("model", () => this.look());
    app.state.on("models", () => this.look());
    app.state.on("lost", (/** @type {boolean} */ lost) => !lost && this.look());
  }

  /** Sliders of the model and those of space. */
  get allSliders() {
    return [...this.sliders, ...spaceSliders(this._app.words.space_sliders)];
  }

  /** The name of a model, or its id where it is not known. @param {string} id */
  nameOf(id) {
    return this.models.find((one) => one.id === id)?.name ?? id;
  }

  /** Look what is there. */
  async look() {
    const asked = ++this._asked;
    const { session } = this._app;
    try {
      const wanted = session.model;
      const [{ models }, found] = await Promise.all([get("/api/models"), wanted ? this._find(wanted) : null]);
      if (asked !== this._asked) return;
      this.models = models;
      this._take(found, models);
    } catch (error) {
      if (asked !== this._asked) return;
      [this.state, this.problem] = ["lost", /** @type {Error} */ (error).message];
    }
    this.dispatchEvent(new Event("model"));
  }

  /** @param {string} model */
  async _find(model) {
    const address = `/api/models/${part(model)}`;
    const card = await get(address).catch((error) => {
      if (error.status === 0) throw error;
      return null;
    });
    if (!card || card.problem) return { card, sliders: [], problem: card?.problem ?? "" };
    return get(`${address}/sliders`).then(
      ({ sliders }) => ({ card, sliders, problem: "" }),
      (error) => ({ card, sliders: [], problem: error.message }),
    );
  }

  /** @param {{card: Card|null, sliders: any[], problem: string}|null} found @param {Card[]} models */
  _take(found, models) {
    const usable = models.find((one) => !one.problem);
    this.card = found?.card ?? null;
    this.sliders = found?.sliders ?? [];
    this.problem = found?.problem ?? "";
    this.state = this.card
      ? this.problem
        ? "damaged"
        : "ready"
      : usable
        ? "loading"
        : models.length
          ? "damaged"
          : "none";
    if (this.state === "damaged" && !this.card) [this.card, this.problem] = [models[0], models[0].problem];
    if (!this.card && usable) this._app.session.adopt(usable.id);
    this._app.session.fits = this.card ? new Set(this.sliders.map((one) => one.name)) : null;
  }
}
