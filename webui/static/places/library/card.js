// @ts-check
/** A model as a card: its map, name, what it was made of, its certificate, tags, and the button that plays it. */
import { cardWords, marksOf } from "../../logic/library.js";
import { part } from "../../core/api.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { certificateGlyph } from "../../widgets/certificate-glyph.js";
import { chip } from "../../widgets/chip.js";
import { MapThumbnail } from "../../widgets/map-thumbnail.js";
import { Menu } from "../../widgets/menu.js";
import { mapOf } from "./maps.js";

/** @typedef {import("../../logic/library.js").Card} Model */
/**
 * @typedef {object} CardActions
 * @property {(model: Model) => void} onPlay @property {(model: Model) => import("../../widgets/menu.js").Item[]} items
 * @property {() => string|null} inUse id of the model in use
 * @property {(model: Model) => string} parentsOf the models of a blend, in words
 */

const MOST_TAGS = 3;

export class ModelCard {
  #abort = new AbortController();
  #said = "";

  /** @param {Model} model @param {{name: string, group: string}[]} bank @param {CardActions} actions */
  constructor(model, bank, actions) {
    this.model = model;
    this.bank = bank;
    this.actions = actions;
    /** @type {MapThumbnail|null} made once there is a map: canvases are what costs while cards rush past */
    this.map = null;
    this.place = element("div", { class: "map-thumbnail", "aria-hidden": "true" });
    this.link = element("a", { class: "model-card__name ellipsis", href: `#/library/models/${part(model.id)}` });
    const more = button({ label: `More about ${model.name}`, kind: "icon", icon: "more" });
    more.classList.add("button--small");
    new Menu(more, () => actions.items(this.model));
    this.play = button({ label: "Play it", icon: "play", onPress: () => actions.onPlay(this.model) });
    this.words = element("p", { class: "small ellipsis" });
    this.marks = element("div", { class: "model-card__marks" });
    this.state = element("span", { class: "model-card__state" });
    this.element = element(
      "article",
      { class: "panel model-card" },
      element("div", { class: "model-card__map" }, this.place, this.state),
      element("div", { class: "model-card__title" }, this.link, more),
      this.words,
      element("div", { class: "model-card__foot" }, this.marks, this.play),
    );
    this.update(model);
    this.#draw();
  }

  /** @param {Model} model */
  update(model) {
    this.model = model;
    const isInUse = this.actions.inUse() === model.id;
    const said = JSON.stringify([model, isInUse]);
    if (said === this.#said) return;
    this.#said = said;
    this.link.textContent = model.name;
    this.link.title = model.name.length > 30 ? model.name : "";
    this.play.setAttribute("aria-label", `Play it: ${model.name}`);
    this.play.disabled = Boolean(model.problem);
    this.words.textContent = cardWords(model);
    this.element.toggleAttribute("data-in-use", isInUse);
    this.state.textContent = [isInUse && "in use", model.version > 1 && `version ${model.version}`]
      .filter(Boolean)
      .join(" · ");
    const tags = model.tags.slice(0, MOST_TAGS).map((/** @type {string} */ text) => chip({ text }));
    if (model.tags.length > MOST_TAGS)
      tags.push(chip({ text: `+${model.tags.length - MOST_TAGS}`, tip: model.tags.slice(MOST_TAGS).join(", ") }));
    const damaged = model.problem && chip({ text: "damaged", kind: "bad", tip: model.problem });
    const made =
      model.kind === "blend"
        ? element("span", { class: "small model-card__parents", text: this.actions.parentsOf(model) })
        : certificateGlyph(marksOf(model.sliders, this.bank));
    this.marks.replaceChildren(damaged || made, ...tags);
  }

  focus() {
    this.link.focus({ preventScroll: true });
  }

  destroy() {
    this.#abort.abort();
    this.map?.destroy();
  }

  async #draw() {
    const { signal } = this.#abort;
    const map = await mapOf(this.model, this.bank, signal);
    if (!map || signal.aborted) return;
    this.map = new MapThumbnail({ name: this.model.name, ...map });
    this.map.element.setAttribute("aria-hidden", "true");
    this.place.replaceWith(this.map.element);
  }
}
