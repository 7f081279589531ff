// @ts-check
/** The recordings as a wall of sound: a picture of each recording, as long as it sounds; a press plays it. */
import { part } from "../../core/api.js";
import { outputSource, setSource } from "../../core/sources.js";
import { columnLength } from "../../logic/recordings.js";
import { element } from "../../parts/element.js";
import { tip } from "../../parts/tip.js";
import { SoundPicture } from "../../widgets/sound-picture.js";
import { Listening } from "../../core/listening.js";
import { fetchPicture, pictureOf } from "../../core/thumbnails.js";

/**
 * @typedef {{id: string, name: string, seconds: number, where: {key: string, path: string}, source:
 *     import("../../core/player.js").Source}} Piece
 */

const MOST = 90; // pictures
const [FEW, SEVERAL] = [8, 30]; // of them, that are drawn larger
const [NARROWEST, WIDEST] = [28, 160]; // pixels, before a row is filled

/** @param {Record<string, any>} set @returns {Piece[]} */
export const piecesOfSet = (set) =>
  set.recordings
    .filter((/** @type {any} */ one) => one.included && ["usable", "unknown", "changed"].includes(one.state))
    .map((/** @type {any} */ one) => ({
      id: one.id,
      name: one.name,
      seconds: one.seconds ?? 1,
      where: pictureOf(set.id, one),
      source: setSource(set.id, one.id),
    }));

/** @param {Record<string, any>[]} outputs @returns {Piece[]} */
export const piecesOfOutputs = (outputs) =>
  outputs.map((one) => ({
    id: one.id,
    name: `Output ${one.number}`,
    seconds: one.seconds,
    where: { key: one.id, path: `/api/history/${part(one.id)}/picture` },
    source: outputSource(one, { loop: false }),
  }));

export class Wall {
  #abort = new AbortController();
  #shown = "";
  /** @type {Map<string, {node: HTMLElement, picture: SoundPicture, seconds: number}>} */
  #pieces = new Map();

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.listening = new Listening(app, (id, seconds) => this.#pieces.get(id)?.picture.setPlayhead(seconds));
    this.listening.addEventListener("change", () => this.#showPlaying());
    this.list = element("ul", { class: "wall__list", "aria-label": "Recordings to learn from" });
    this.more = element("p", { class: "small" });
    this.title = element("h2");
    this.element = element(
      "section",
      { class: "wall", "aria-label": "Recordings", hidden: true },
      element(
        "div",
        { class: "wall__head" },
        this.title,
        element("span", { class: "small", text: "Press one to hear it" }),
      ),
      this.list,
      this.more,
    );
  }

  /** @param {string} title */
  setTitle(title) {
    this.title.textContent = title;
  }

  /** @param {Piece[]} pieces */
  show(pieces) {
    const shown = pieces.map(({ where }) => where.key).join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.clear();
    this.element.hidden = !pieces.length;
    const longest = Math.max(...pieces.map(({ seconds }) => seconds), 0.1);
    const some = pieces.slice(0, MOST);
    this.list.dataset.size = some.length <= FEW ? "large" : some.length <= SEVERAL ? "middle" : "small";
    this.list.append(...some.map((piece) => this.#put(piece, longest)));
    for (const piece of [...some].reverse()) this.#draw(piece); // what is asked for last comes first
    this.more.textContent = pieces.length > MOST ? `and ${pieces.length - MOST} more` : "";
  }

  clear() {
    this.listening.stop();
    this.#abort.abort();
    this.#abort = new AbortController();
    for (const { picture } of this.#pieces.values()) picture.destroy();
    this.#pieces.clear();
    this.list.replaceChildren();
  }

  /** @param {Piece} piece @param {number} longest */
  #put({ id, name, seconds, source }, longest) {
    const picture = new SoundPicture({ name, size: "thumbnail" });
    const node = element(
      "button",
      {
        type: "button",
        class: "wall__piece",
        "aria-label": `Play ${name}`,
        on: { click: () => this.listening.toggle(id, source) },
      },
      picture.element,
    );
    tip(node, () => `${name} · ${columnLength(seconds)}`);
    this.#pieces.set(id, { node, picture, seconds });
    const item = element("li", {}, node);
    item.style.flexBasis = `${NARROWEST + (WIDEST - NARROWEST) * Math.sqrt(seconds / longest)}px`;
    return item;
  }

  /** @param {Piece} piece */
  async #draw({ id, where }) {
    const found = await fetchPicture(where, this.#abort.signal);
    const picture = this.#pieces.get(id)?.picture;
    if (found && picture?.element.isConnected) picture.setPicture(found);
  }

  #showPlaying() {
    for (const [id, { node }] of this.#pieces) node.toggleAttribute("data-playing", id === this.listening.id);
  }
}
