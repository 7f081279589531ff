// @ts-check
import { element } from "../parts/element.js";

/** @param {string} title @param {...(Node|false|null)} content */
export function panel(title, ...content) {
  return element(
    "div",
    { class: "panel" },
    element("div", { class: "panel__head" }, element("h2", { text: title })),
    element("div", { class: "panel__body stack specimens__stack" }, ...content),
  );
}
