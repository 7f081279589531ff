// @ts-check
/** Nothing is there: what would be, and the button that leads to it. */
import { element } from "../../parts/element.js";
import { icon } from "../../parts/icon.js";

/** @param {{icon: string, title: string, words: string, acts?: HTMLElement[]}} what */
export function nothing({ icon: symbol, title, words, acts = [] }) {
  return element(
    "div",
    { class: "library__nothing" },
    icon(symbol, "library__nothing-icon"),
    element("p", { class: "library__nothing-title", text: title }),
    element("p", { class: "quiet", text: words }),
    acts.length > 0 && element("div", { class: "line library__nothing-acts" }, ...acts),
  );
}

/** @param {string} what such as "model" @param {string} words that were searched for */
export const nothingFound = (what, words) =>
  nothing({
    icon: "search",
    title: `No ${what} has “${words.trim()}”`,
    words: "Every word that you type must occur. Try fewer of them, or empty the search with Escape.",
  });
