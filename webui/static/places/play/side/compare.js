// @ts-check
/** A and B: kept, switched at one playhead, equally loud; how they differ in few words; and the blind test. */
import { get, part } from "../../../core/api.js";
import { listDifferences, showGains } from "../../../logic/settings-words.js";
import { button, setPressed, toggle } from "../../../parts/button.js";
import { element } from "../../../parts/element.js";
import { tip } from "../../../parts/tip.js";
import { Segmented } from "../../../widgets/segmented.js";
import { BlindTest } from "./blind.js";

const MOST_SHOWN = 3; // differences
const HINT = "Keep two outputs as A and B, then switch between them while they play.";

/** @typedef {import("./pair.js").Side} Side */

export class ComparePanel {
  /**
   * @param {import("../play.js").Play} play @param {import("./pair.js").Pair} pair
   * @param {(blind: boolean) => void} onBlind what would show which one is heard is to be hidden
   */
  constructor(play, pair, onBlind) {
    this._play = play;
    this._pair = pair;
    this._onBlind = onBlind;
    this.said = element("span", { class: "small number" });
    this.blind = toggle({ label: "Blind test", icon: "headphones", onToggle: (on) => this.#setBlind(on) });
    tip(this.blind, "Hear whether you can tell A from B without seeing which is which.");
    this.sides = element("div", { class: "compare__sides" });
    this.test = new BlindTest(pair);
    this.keepA = button({ label: "Keep as A", onPress: () => this.keep("a") });
    this.keepB = button({ label: "Keep as B", onPress: () => this.keep("b") });
    this.change = button({ label: "Switch A/B", kind: "icon", icon: "ab", key: "X", onPress: () => this.switch() });
    this.keeping = element("div", { class: "compare__keep" }, this.keepA, this.keepB, this.change);
    this.words = element("div", { class: "compare__words" });
    tip(this.words, () => this._all);
    this._all = /** @type {string[]} */ ([]);
    this.element = element(
      "section",
      { class: "panel compare", "aria-label": "A and B" },
      element("div", { class: "panel__head" }, element("h2", { text: "A / B" }), this.said, this.blind),
      element("div", { class: "panel__body stack" }, this.sides, this.test.element, this.keeping, this.words),
    );
    this.test.element.hidden = true;
    for (const name of ["pair", "heard"]) pair.addEventListener(name, () => this.#show());
    play.deck.addEventListener("on", () => this.#show());
    play.data.addEventListener("model", () => this.#show());
    this.#show();
  }

  /** Keep what is on; what is only explored is made first. @param {Side} side */
  async keep(side) {
    const { app, deck } = this._play;
    if (this.test.isOn) return app.say("End the blind test to keep another output");
    const entry = deck.on.entry ?? (await this.#make());
    if (entry) this._pair.keep(side, entry);
  }

  /** Make what is explored. @returns {Promise<Record<string, any>|null>} null where nothing came of it */
  async #make() {
    const { app, deck, making } = this._play;
    await making.make();
    if (deck.on.entry) return deck.on.entry;
    const job = app.state.jobs.find((one) => one.kind === "render"); // the newest
    const made = job?.state === "done" ? job.result?.files?.[0]?.history : null;
    return made ? app.attempt(get(`/api/history/${part(made)}`)) : null;
  }

  /** Hear the other one. */
  switch() {
    if (!this._pair.isWhole) return this._play.app.say(HINT);
    return this.test.isOn ? this.test.hearNext() : this._pair.switch();
  }

  /** @param {boolean} on */
  #setBlind(on) {
    this.test.element.hidden = !on;
    if (on) this.test.begin();
    else this.test.end();
    this._onBlind(on);
    this.#show();
  }

  #show() {
    const { kept, isWhole, comparison, problem, isMeasuring } = this._pair;
    if (!isWhole && this.test.isOn) {
      setPressed(this.blind, false);
      return this.#setBlind(false);
    }
    this.blind.disabled = this.change.disabled = !isWhole;
    this.said.textContent = comparison
      ? showGains(comparison.a.gain_db, comparison.b.gain_db)
      : isMeasuring
        ? "measuring"
        : "";
    this.sides.hidden = this.words.hidden = this.keeping.hidden = this.test.isOn;
    const heard = this._pair.heard;
    const write = (/** @type {Side} */ side) => [side.toUpperCase(), kept[side]?.number ?? "–"].join(" ");
    const choices = /** @type {Side[]} */ (["a", "b"]).map((side) => ({
      value: side,
      text: write(side),
      label: `Hear ${write(side)}`,
    }));
    const key = JSON.stringify([choices, isWhole]);
    if (key !== this._drawn) this.#build(choices, isWhole);
    this._drawn = key;
    this.choice?.setValue(heard);
    this.#tell(isWhole, comparison, problem);
  }

  _drawn = "";

  /** @param {{value: string, text: string, label: string}[]} choices @param {boolean} isWhole */
  #build(choices, isWhole) {
    this.choice = new Segmented({
      name: "Heard",
      value: null,
      choices,
      onCommit: (side) => this._pair.hear(/** @type {Side} */ (side)),
    });
    this.choice.setDisabled(!isWhole);
    this.sides.replaceChildren(this.choice.element);
  }

  /** @param {boolean} isWhole @param {Record<string, any>|null} comparison @param {string} problem */
  #tell(isWhole, comparison, problem) {
    const differences = comparison ? listDifferences(comparison.settings, (id) => this._play.data.nameOf(id)) : [];
    const models = comparison && comparison.a.model_name !== comparison.b.model_name;
    if (models) differences.unshift({ name: "model", a: comparison.a.model_name, b: comparison.b.model_name });
    const shown = differences.slice(0, MOST_SHOWN).flatMap(difference);
    const more = differences.length - MOST_SHOWN;
    if (more > 0) shown.push(element("span", { class: "small", text: `and ${more} more` }));
    if (comparison && !differences.length) shown.push(element("span", { class: "small", text: "The same settings." }));
    if (!isWhole || problem) shown.push(element("span", { class: "small", text: problem || HINT }));
    const head = differences.length
      ? ["", "A", "B"].map((text) => element("span", { class: "compare__head", text }))
      : [];
    this.words.replaceChildren(...head, ...shown);
    this._all = more > 0 ? differences.map(({ name, a, b }) => `${name}: ${a} in A, ${b} in B`) : [];
  }
}

/** @param {import("../../../logic/settings-words.js").Difference} one */
const difference = ({ name, a, b }) => [
  element("span", { class: "compare__name ellipsis", text: name }),
  element("span", { class: "compare__value number ellipsis", text: a }),
  element("span", { class: "compare__value number ellipsis", text: b }),
];
