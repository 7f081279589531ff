// @ts-check
/**
 * The doctor's advice on a set, each with a button that does it where there is one, and one to listen first.
 */
import { sentence } from "../../logic/recordings.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { icon } from "../../parts/icon.js";

/**
 * @typedef {{isExamined: boolean, isEmpty: boolean, isAway: boolean}} About `isEmpty`: nothing is taken in; `isAway`:
 *     the folder is not there
 */
/** @typedef {{text: string, action: {kind: string, label: string, recordings: string[]}|null}} Advice */

export class AdvicePanel {
  #said = "";

  /**
   * @param {{onAct: (action: {kind: string, recordings: string[]}) => void, onListen: (recordings: string[]) => void}}
   *     actions
   */
  constructor(actions) {
    this.actions = actions;
    this.list = element("ul", { class: "advice__list" });
    this.element = element(
      "section",
      { class: "panel advice", "aria-label": "Worth a look" },
      element("div", { class: "panel__head" }, element("h2", { text: "Worth a look" })),
      this.list,
    );
  }

  /** @param {Advice[]} advice @param {About} about */
  show(advice, about) {
    const said = JSON.stringify([advice, about]);
    if (said === this.#said) return;
    this.#said = said;
    this.list.replaceChildren(...(advice.length ? advice.map((one) => this.#row(one)) : [nothing(about)]));
  }

  /** @param {Advice} advice */
  #row({ text, action }) {
    const [first, rest] = split(text);
    const ids = action?.recordings ?? [];
    return element(
      "li",
      { class: "advice__row" },
      element("p", { class: "advice__what", text: rest ? first : sentence(first) }),
      rest && element("p", { class: "quiet", text: sentence(rest) }),
      action &&
        element(
          "div",
          { class: "line advice__acts" },
          button({ label: action.label, onPress: () => this.actions.onAct(action) }),
          button({ label: "Listen", kind: "plain", icon: "play", onPress: () => this.actions.onListen(ids) }),
        ),
    );
  }
}

/** The finding, and what to do about it. @param {string} text */
function split(text) {
  const at = text.search(/:\s/);
  const [first, rest] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 2)];
  return [first.charAt(0).toUpperCase() + first.slice(1), rest];
}

/** @param {About} about */
function nothing({ isExamined, isEmpty, isAway }) {
  const words = isAway
    ? "There is nothing to examine until it is back."
    : isEmpty
      ? "Take recordings in, and they are looked at together."
      : isExamined
        ? "Nothing needs mending."
        : "The recordings are examined first.";
  return element(
    "li",
    { class: "advice__row advice__row--none" },
    icon(isExamined && !isEmpty ? "check" : "info"),
    element("p", { class: "quiet", text: words }),
  );
}
