// @ts-check
/** One variation in the grid: its picture, what it does in a few words; pointed at or in focus, it is heard. */
import { element } from "../../../parts/element.js";
import { SoundPicture } from "../../../widgets/sound-picture.js";
import { PictureFeed } from "../picture-feed.js";

export class Tile {
  /** @type {import("../../../core/take.js").Take|null} */
  take = null;

  /**
   * @param {number} place from 0
   * @param {{onHear: (tile: Tile) => void, onLeave: (tile: Tile) => void, onTake: (tile: Tile) => void}} actions
   */
  constructor(place, { onHear, onLeave, onTake }) {
    this.place = place;
    this.picture = new SoundPicture({ name: `variation ${place + 1}`, size: "strip", labelled: false });
    this.picture.element.setAttribute("aria-hidden", "true");
    this.feed = new PictureFeed(this.picture);
    this.words = element("span", { class: "tile__words ellipsis" });
    this.element = element(
      "button",
      {
        type: "button",
        class: "tile",
        on: {
          click: () => onTake(this),
          pointerenter: () => onHear(this),
          pointerleave: () => onLeave(this),
          focus: () => this.element.matches(":focus-visible") && onHear(this),
          blur: () => onLeave(this),
        },
      },
      this.picture.element,
      this.words,
    );
  }

  /** @param {string} words what it does; nothing of it is there yet */
  clear(words) {
    this.take = null;
    this.picture.clear();
    this.words.textContent = words;
    this.element.setAttribute("aria-label", `Variation ${this.place + 1}: ${words}`);
    this.element.toggleAttribute("data-waiting", true);
  }

  /** @param {import("../../../core/take.js").Take} take @param {string} name of the sound */
  setTake(take, name) {
    this.take = take;
    this.element.removeAttribute("data-waiting");
    this.feed.show(take, name);
  }

  /** @param {number|null} seconds */
  setPlayhead(seconds) {
    this.picture.setPlayhead(seconds);
    this.element.toggleAttribute("data-playing", seconds !== null);
  }
}
