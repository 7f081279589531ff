// @ts-check
/** One output in the history: play, picture, number and length, A or B, star, and what else can be done with it. */
import { part } from "../../../core/api.js";
import { showLength } from "../../../logic/time-axis.js";
import { button, setMeaning, setPressed, toggle } from "../../../parts/button.js";
import { assign, element } from "../../../parts/element.js";
import { icon, setIcon } from "../../../parts/icon.js";
import { tip } from "../../../parts/tip.js";
import { Menu } from "../../../widgets/menu.js";
import { SoundPicture } from "../../../widgets/sound-picture.js";
import { fetchPicture, knownPicture } from "../../../core/thumbnails.js";
import { dragOut } from "./entry-acts.js";

/** @typedef {Record<string, any>} Entry */
/**
 * @typedef {object} RowActions
 * @property {(entry: Entry) => void} onPlay from its beginning @property {(entry: Entry) => void} onToggle
 * @property {(entry: Entry) => void} onStar
 * @property {(entry: Entry) => import("../../../widgets/menu.js").Item[]} items
 */
/** @typedef {{on: boolean, playing: boolean, active: boolean, side: string, model: string|null}} RowState */

export class EntryRow {
  /** @type {SoundPicture|null} */
  picture = null;
  #abort = new AbortController();
  #drawn = "";

  /** @param {Entry} entry @param {RowActions} actions */
  constructor(entry, actions) {
    this.entry = entry;
    this.play = button({ label: "Play", kind: "icon", icon: "play", onPress: () => actions.onToggle(this.entry) });
    this.pictured = element("div", { class: "entry__picture" });
    this.number = element("strong");
    this.about = element("span", { class: "entry__about small ellipsis" });
    this.side = element("span", { class: "entry__side", "aria-hidden": "true" });
    this.star = toggle({ label: "Star", icon: "star", onToggle: () => actions.onStar(this.entry) });
    this.more = button({ label: "More", kind: "icon", icon: "more" });
    this.menu = new Menu(this.more, () => actions.items(this.entry));
    for (const node of [this.play, this.more]) node.classList.add("button--small");
    const words = element("div", { class: "entry__words" }, element("div", {}, this.number, this.side), this.about);
    tip(words, () => describe(this.entry));
    this.element = element(
      "li",
      {
        class: "entry",
        tabindex: -1,
        draggable: "true",
        on: {
          click: (event) => event.target.closest("button") || actions.onPlay(this.entry),
          dragstart: (event) => (this.entry.missing ? event.preventDefault() : dragOut(event, this.entry)),
        },
      },
      this.play,
      this.pictured,
      words,
      this.more,
      this.star,
    );
  }

  /** @param {Entry} entry @param {RowState} state */
  show(entry, { on, playing, active, side, model }) {
    this.entry = entry;
    const { number, star, missing } = entry;
    const other = entry.model !== model && entry.model_name;
    const about = missing ? ["file missing"] : [showLength(entry.seconds), other].filter(Boolean);
    const title = [`Output ${number}`, ...about, star && "starred", side && `kept as ${side}`]
      .filter(Boolean)
      .join(", ");
    assign(this.element, { "aria-label": title, "aria-current": on ? "true" : null, tabindex: active ? 0 : -1 });
    this.element.toggleAttribute("data-missing", missing);
    this.number.textContent = String(number);
    this.about.textContent = about.join(" · ");
    this.side.textContent = side;
    this.star.setAttribute("aria-label", `Star output ${number}`);
    setPressed(this.star, star);
    setIcon(/** @type {SVGElement} */ (this.star.querySelector("svg")), star ? "starred" : "star");
    this.more.setAttribute("aria-label", `More about output ${number}`);
    setMeaning(this.play, `${playing ? "Pause" : "Play"} output ${number}`, playing ? "pause" : "play");
    for (const node of [this.play, this.star, this.more]) node.tabIndex = active ? 0 : -1;
    this.#draw();
  }

  /** @param {number|null} seconds */
  setPlayhead(seconds) {
    this.picture?.setPlayhead(seconds);
  }

  destroy() {
    this.#abort.abort();
    this.menu.close(false);
    this.picture?.destroy();
    this.element.remove();
  }

  #draw() {
    const { id, fingerprint, missing } = this.entry;
    const key = missing ? "missing" : `${id} ${fingerprint}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    if (missing) return this.pictured.replaceChildren(icon("warn"));
    const where = { key, path: `/api/history/${part(id)}/picture` };
    const known = knownPicture(where);
    if (known) this.#put(known);
    else fetchPicture(where, this.#abort.signal).then((picture) => picture && this.#put(picture));
  }

  /** @param {import("../../../core/thumbnails.js").Picture} picture */
  #put(picture) {
    if (this.#abort.signal.aborted) return;
    this.picture ??= new SoundPicture({ name: `Picture of output ${this.entry.number}`, size: "thumbnail" });
    this.picture.setPlayhead(null);
    this.picture.setPicture(picture);
    if (!this.picture.element.isConnected) this.pictured.replaceChildren(this.picture.element);
  }
}

/** All that is known of an output, in sentences. @param {Entry} entry */
function describe(entry) {
  const made = new Date(entry.created).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const version = entry.version > 1 ? `, version ${entry.version}` : "";
  return [
    `${entry.file_name}, made with ${entry.model_name}${version} on ${made}, seed ${entry.seed}.`,
    entry.missing ? "Its file is not where it was: make it again, or say where it is." : "",
    entry.note,
    entry.tags.length ? `Tags: ${entry.tags.join(", ")}.` : "",
  ];
}
