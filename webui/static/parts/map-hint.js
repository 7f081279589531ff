// @ts-check
/** The words beside the moment of a map that is pointed at, and the same for a screen reader once it is stepped to. */
import { shortName } from "../logic/file-names.js";
import { clamp } from "../logic/numbers.js";
import { element } from "./element.js";

const HALF = 90; // pixels that are kept to either side
const ABOVE = 64; // pixels that it needs above a moment

export class MapHint {
  constructor() {
    this.shown = element("div", { class: "map-view__hint", hidden: true });
    this.live = element("span", { class: "unseen", "aria-live": "polite" });
  }

  /**
   * @param {{file: string, seconds: number}|undefined} moment
   * @param {string} measured what is measured there
   * @param {[number, number]} at in pixels @param {number} width of the map
   */
  show(moment, measured, [x, y], width) {
    this.shown.hidden = !moment;
    if (!moment) return;
    const told = element("span", { text: `${moment.seconds.toFixed(2)} s · ${measured}` });
    this.shown.replaceChildren(element("strong", { text: shortName(moment.file) }), told);
    this.shown.style.left = `${clamp(x, HALF, Math.max(HALF, width - HALF))}px`;
    this.shown.style.top = `${y}px`;
    this.shown.toggleAttribute("data-below", y < ABOVE);
  }

  /** @param {{file: string, seconds: number}} moment @param {string} measured */
  say(moment, measured) {
    this.live.textContent = `${shortName(moment.file)} at ${moment.seconds.toFixed(2)} seconds, ${measured}`;
  }
}
