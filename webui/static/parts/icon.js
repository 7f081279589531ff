// @ts-check
/** An icon of the sprite, `icons.svg`; silent for screen readers, because its button or text says what it means. */
import { drawing } from "./element.js";

const SPRITE = new URL("../icons.svg", import.meta.url).pathname;

/** @param {string} name id of a symbol @param {string} [names] further classes @returns {SVGElement} */
export function icon(name, names = "") {
  return drawing(
    "svg",
    { class: `icon ${names}`.trim(), "aria-hidden": "true" },
    drawing("use", { href: `${SPRITE}#${name}` }),
  );
}

/** Show another symbol. @param {SVGElement} drawn @param {string} name */
export function setIcon(drawn, name) {
  drawn.firstElementChild?.setAttribute("href", `${SPRITE}#${name}`);
}
