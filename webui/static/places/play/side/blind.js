// @ts-check
/** The blind test: A, B and X at one playhead; X is one of the two, and the listener says which. */
import { beginTest, score, showScore, vote } from "../../../logic/abx.js";
import { button } from "../../../parts/button.js";
import { element } from "../../../parts/element.js";
import { Segmented } from "../../../widgets/segmented.js";

const CHOICES = [
  { value: "a", text: "A", label: "Hear A" },
  { value: "b", text: "B", label: "Hear B" },
  { value: "x", text: "X", label: "Hear X" },
];

export class BlindTest {
  /** @param {import("./pair.js").Pair} pair */
  constructor(pair) {
    this._pair = pair;
    /** @type {import("../../../logic/abx.js").Test|null} */
    this.test = null;
    this.choice = new Segmented({
      name: "Heard",
      value: null,
      choices: CHOICES,
      onCommit: (heard) => this.#hear(heard),
    });
    const votes = /** @type {import("../../../logic/abx.js").Side[]} */ (["a", "b"]).map((side) =>
      button({ label: `X is ${side.toUpperCase()}`, onPress: () => this.#vote(side) }),
    );
    this.again = button({ label: "Begin anew", kind: "plain", onPress: () => this.begin() });
    this.said = element("p", { class: "small blind__said", "aria-live": "polite" });
    this.element = element(
      "div",
      { class: "stack blind" },
      this.choice.element,
      element("div", { class: "compare__keep" }, ...votes, this.again),
      this.said,
    );
  }

  get isOn() {
    return this.test !== null;
  }

  begin() {
    this.test = beginTest();
    this.choice.setValue(null);
    this.#show();
  }

  /** Show again which one is heard. */
  end() {
    this.test = null;
    const { heard } = this._pair._play.deck.player;
    if (this._pair._play.deck.pair.length) this._pair._play.deck.switchTo(heard);
  }

  /** Hear A, B and X in turn. */
  hearNext() {
    const at = CHOICES.findIndex((one) => one.value === this.choice.value);
    const next = CHOICES[(at + 1) % CHOICES.length].value;
    this.choice.setValue(next);
    return this.#hear(next);
  }

  /** @param {string} heard */
  #hear(heard) {
    const { test } = this;
    if (!test) return;
    return this._pair.hear(heard === "x" ? test.x : /** @type {import("./pair.js").Side} */ (heard), false);
  }

  /** @param {import("../../../logic/abx.js").Side} side */
  #vote(side) {
    if (!this.test) return;
    this.test = vote(this.test, side);
    this.#show();
    if (this.choice.value === "x") this.#hear("x");
  }

  #show() {
    const { test } = this;
    if (!test) return;
    this.again.disabled = !test.trials.length;
    const last = test.trials[test.trials.length - 1];
    const words = showScore(score(test));
    this.said.textContent = last ? `X was ${last.x.toUpperCase()}. ${words}` : words;
  }
}
