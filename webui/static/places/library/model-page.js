// @ts-check
/**
 * One model in full: how it looks and what it was made of, its sliders, its recordings, its family, and what is
 * written on it.
 */
import { get, part } from "../../core/api.js";
import { cardWords, trainingFacts } from "../../logic/library.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { icon } from "../../parts/icon.js";
import { MapThumbnail } from "../../widgets/map-thumbnail.js";
import { TextField } from "../../widgets/text-field.js";
import { discard, exportModel, label, play } from "./acts.js";
import { CertificateTable } from "./certificate-table.js";
import { Family } from "./family.js";
import { Labels } from "./labels.js";
import { mapOf } from "./maps.js";
import { Recordings } from "./recordings.js";

export class ModelPage {
  /** @type {Record<string, any>|null} */ model = null;
  #id = "";
  #abort = new AbortController();

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.table = new CertificateTable(app);
    this.recordings = new Recordings(app);
    this.family = new Family(app);
    this.labels = new Labels(app);
    this.map = new MapThumbnail({ name: "this model" });
    this.ends = element("div", { class: "model-page__ends", "aria-hidden": "true" });
    this.name = new TextField({ name: "Name of the model", look: "quiet", onCommit: (name) => this.#rename(name) });
    this.heading = element("h1", { class: "unseen" });
    this.words = element("p", { class: "quiet" });
    this.problem = element("p", { class: "model-page__problem", role: "note", hidden: true });
    this.playIt = button({ label: "Play it", kind: "primary", icon: "play", key: "P", onPress: () => this.play() });
    this.export = button({
      label: "Export model file",
      icon: "export",
      onPress: () => this.model && exportModel(app, this.model),
    });
    this.away = button({ label: "Delete", kind: "icon", icon: "trash", key: "Delete", onPress: () => this.discard() });
    this.facts = element("dl", { class: "facts" });
    this.element = element(
      "div",
      { class: "model-page library__scroller" },
      this.#head(),
      element(
        "div",
        { class: "model-page__columns" },
        element("div", { class: "model-page__main" }, this.table.element, this.family.element, this.recordings.element),
        element(
          "div",
          { class: "model-page__side" },
          this.labels.element,
          element(
            "section",
            { class: "panel", "aria-label": "Training" },
            element("div", { class: "panel__head" }, element("h2", { text: "How it was made" })),
            element("div", { class: "panel__body" }, this.facts),
          ),
        ),
      ),
    );
  }

  /** @param {string} id @param {string} [what] "name": it is to be renamed */
  async show(id, what) {
    if (id !== this.#id) this.element.scrollTop = 0;
    this.#id = id;
    await this.load();
    if (what === "name") this.rename();
  }

  hide() {
    this.#id = "";
    this.recordings.stop();
  }

  async load() {
    const id = this.#id;
    const found = await get(`/api/models/${part(id)}`).catch((error) => this.#findDamaged(id, error));
    if (id !== this.#id) return;
    if (found) this.#show(found);
    else this.app.go("library");
  }

  play() {
    if (this.model && !this.model.problem) play(this.app, this.model.id);
  }

  rename() {
    this.name.input.focus();
    this.name.input.select();
  }

  async discard() {
    const { model } = this;
    if (!model) return;
    this.#id = ""; // what is gone is not asked for again
    if (await discard(this.app, "models", model)) this.app.go("library");
    else this.#id = model.id;
  }

  #head() {
    const back = element(
      "a",
      { class: "button button--plain model-page__back", href: "#/library" },
      icon("chevron-left"),
      "All models",
    );
    return element(
      "header",
      { class: "panel model-page__head" },
      element("div", { class: "model-page__map" }, this.map.element, this.ends),
      element(
        "div",
        { class: "model-page__title" },
        back,
        this.heading,
        element("div", { class: "model-page__name" }, this.name.element),
        this.words,
        this.problem,
        element("div", { class: "model-page__acts" }, this.playIt, this.export, this.away),
      ),
    );
  }

  /** @param {Record<string, any>} model */
  #show(model) {
    const isNew = this.model?.id !== model.id;
    this.model = model;
    this.heading.textContent = model.name;
    if (this.name.input !== document.activeElement) this.name.setValue(model.name);
    const version =
      model.versions?.length > 1 || model.version > 1
        ? `version ${model.version}${model.current ? ", current" : ""}`
        : "";
    this.words.textContent = [cardWords(model), version].filter(Boolean).join(" · ");
    this.problem.textContent = model.problem ? `It cannot be used: ${model.problem}` : "";
    this.problem.hidden = !model.problem;
    for (const one of [this.playIt, this.export, this.name.input]) one.disabled = Boolean(model.problem);
    this.facts.replaceChildren(
      ...trainingFacts(model).flatMap(([term, sentences]) => [
        element("dt", { text: term }),
        element("dd", {}, ...sentences.map((text) => element("p", { text }))),
      ]),
    );
    this.labels.show(model);
    this.table.show(model);
    this.family.show(model);
    this.recordings.show(model);
    if (isNew) this.#draw(model);
  }

  /** @param {Record<string, any>} model */
  async #draw(model) {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.map.element.setAttribute("aria-label", `Map of ${model.name}`);
    this.map.setPlaces([]);
    this.ends.replaceChildren();
    const map = await mapOf(model, this.app.words.sliders, signal);
    if (!map || signal.aborted) return;
    this.map.group = map.group;
    this.map.setPlaces(map.places);
    const [left, right] = map.words.x;
    this.ends.replaceChildren(
      element("span", { class: "small", text: left }),
      element("span", { class: "small", text: right }),
    );
  }

  /** @param {string} name */
  async #rename(name) {
    if (!this.model) return;
    const changed = name.trim() && (await label(this.app, "models", this.model, { name: name.trim() }));
    this.name.setValue(changed ? changed.name : this.model.name);
  }

  /**
   * A damaged model has no page of its own in the program, but stands in its list.
   * @param {string} id @param {any} error
   */
  async #findDamaged(id, error) {
    const all = await get("/api/models", { all_versions: 1 }).catch(() => null);
    const card = all?.models.find((/** @type {any} */ one) => one.id === id);
    if (!card) this.app.fail(error);
    return card ? { ...card, problem: card.problem ?? error.message, versions: [], described: {} } : null;
  }
}
