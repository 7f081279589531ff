// @ts-check
/** Where a model comes from and what came of it: its versions, the models of a blend, and the ways to let it grow. */
import { get } from "../../core/api.js";
import { familyOf, growthWords } from "../../logic/family.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { familyTree } from "../../widgets/family-tree.js";
import { useVersion } from "./acts.js";

const OUTPUTS_TO_FEED_BACK = 200;

export class Family {
  #said = "";

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.tree = element("div", { class: "family__tree" });
    this.words = element("p", { class: "quiet family__words" });
    this.use = button({ label: "Use this version", icon: "check", onPress: () => this.#use() });
    this.extend = button({
      label: "Add recordings",
      icon: "plus",
      tip: "Train on with another data set: a new version, which knows the old recordings as well.",
      onPress: () => app.go("train", "extend", this.model.id),
    });
    this.feed = button({ label: "Feed outputs back", icon: "loop", onPress: () => this.#feedBack() });
    this.element = element(
      "section",
      { class: "panel", "aria-label": "Family" },
      element("div", { class: "panel__head" }, element("h2", { text: "Family" }), this.use, this.extend, this.feed),
      element("div", { class: "panel__body stack" }, this.tree, this.words),
    );
    /** @type {Record<string, any>} */
    this.model = {};
  }

  /** @param {Record<string, any>} model in full */
  async show(model) {
    this.model = model;
    const [all, trash] = await Promise.all([get("/api/models", { all_versions: 1 }), get("/api/trash")]).catch(
      (error) => this.app.fail(error) ?? [],
    );
    if (!all || this.model !== model) return;
    const versions = familyOf(model, all.models, trash.models);
    this.extend.disabled = this.feed.disabled = Boolean(model.problem) || model.kind === "blend";
    this.use.hidden = model.current || Boolean(model.problem);
    this.words.textContent = growthWords(model);
    const said = JSON.stringify([versions, model.id]);
    if (said === this.#said) return;
    this.#said = said;
    this.tree.hidden = versions.length < 2;
    const deleted = new Set(versions.filter((one) => one.deleted).map(({ id }) => id));
    const onChoose = (/** @type {string} */ id) =>
      deleted.has(id) ? this.app.go("library", "trash") : this.app.go("library", "models", id);
    this.tree.replaceChildren(familyTree({ versions, chosen: model.id, onChoose }));
  }

  #use() {
    const current = this.model.versions.find((/** @type {any} */ one) => one.current)?.id ?? null;
    return useVersion(this.app, this.model, current);
  }

  /** Feed back the outputs with a star; they are what a person has found worth it. */
  async #feedBack() {
    const { app, model } = this;
    const found = await app.attempt(
      get("/api/history", { model: model.id, starred: true, count: OUTPUTS_TO_FEED_BACK }),
    );
    if (!found) return;
    const there = found.history.filter((/** @type {any} */ one) => !one.missing);
    if (there.length) app.go("train", "feedback", model.id, there.map((/** @type {any} */ one) => one.id).join(","));
    else
      app.say("Outputs with a star are fed back. Give a star to those in the history that it should learn from.", {
        words: "Play it",
        run: () => this.#play(),
      });
  }

  #play() {
    this.app.session.setModel(this.model.id);
    this.app.go("play");
  }
}
