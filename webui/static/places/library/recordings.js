// @ts-check
/** The recordings that a model keeps: each can be heard, and is seen as a picture. */
import { get, part } from "../../core/api.js";
import { recordingSource } from "../../core/sources.js";
import { columnLength, countWords } from "../../logic/recordings.js";
import { button, setMeaning } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { chip } from "../../widgets/chip.js";
import { SoundPicture } from "../../widgets/sound-picture.js";
import { Listening } from "../../core/listening.js";
import { fetchPicture, knownPicture } from "../../core/thumbnails.js";
import { Windowed } from "./windowed.js";

/** @typedef {{index: number, name: string, seconds: number, synthetic: boolean}} Recording */

const ROW_HEIGHT = 40;

export class Recordings {
  #model = "";

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.listening = new Listening(app, (id, seconds) => this.#rows.get(id)?.picture?.setPlayhead(seconds));
    /** @type {Map<string, Row>} */
    this.#rows = new Map();
    this.count = element("span", { class: "small" });
    this.scroller = element("div", { class: "kept__scroller", tabindex: -1 });
    this.list = new Windowed(this.scroller, {
      name: "Recordings of this model",
      rowHeight: ROW_HEIGHT,
      keyOf: (one) => String(one.index),
      make: (one) => this.#make(one),
    });
    this.scroller.append(this.list.element);
    this.list.element.addEventListener("keydown", (event) => this.#key(event));
    this.element = element(
      "section",
      { class: "panel kept", "aria-label": "Recordings" },
      element("div", { class: "panel__head" }, element("h2", { text: "Recordings" }), this.count),
      this.scroller,
    );
    this.listening.addEventListener("change", () =>
      this.#rows.forEach((row, id) => row.setPlaying(this.listening.id === id)),
    );
  }

  /** @type {Map<string, Row>} */ #rows;

  /** @param {Record<string, any>} model */
  async show(model) {
    this.element.hidden = model.kind === "blend" || Boolean(model.problem);
    if (model.id === this.#model || this.element.hidden) return;
    this.#model = model.id;
    this.list.setItems([]);
    const found = await this.app.attempt(get(`/api/models/${part(model.id)}/recordings`));
    if (!found || model.id !== this.#model) return;
    this.longest = Math.max(...found.recordings.map((/** @type {Recording} */ one) => one.seconds), 0.1);
    this.count.textContent = countWords(found.recordings.length);
    this.list.setItems(found.recordings);
  }

  stop() {
    this.listening.stop();
  }

  /** @param {Recording} recording */
  toggle(recording) {
    this.listening.toggle(this.#id(recording), recordingSource(this.#model, recording.index, 0, recording.seconds));
  }

  /** @param {Recording} recording */
  #id(recording) {
    return `${this.#model} ${recording.index}`;
  }

  /** @param {Recording} recording */
  #make(recording) {
    const id = this.#id(recording);
    const row = new Row(this.#model, recording, this.longest ?? 1, () => this.toggle(recording));
    row.setPlaying(this.listening.id === id);
    this.#rows.set(id, row);
    return {
      element: row.element,
      focus: () => row.play.focus({ preventScroll: true }),
      destroy: () => this.#rows.delete(id) && row.destroy(),
    };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.list.next(event.key);
    if (at === null || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    this.list.goTo(at);
  }
}

class Row {
  /** @type {SoundPicture|null} */ picture = null;
  #abort = new AbortController();

  /** @param {string} model @param {Recording} recording @param {number} longest seconds @param {() => void} onPlay */
  constructor(model, recording, longest, onPlay) {
    this.name = recording.name;
    this.play = button({ label: `Play ${recording.name}`, kind: "icon", icon: "play", onPress: onPlay });
    this.play.classList.add("button--small");
    this.pictured = element("div", { class: "kept__picture" });
    this.pictured.style.width = `${Math.max(8, 100 * Math.sqrt(recording.seconds / longest))}%`;
    this.element = element(
      "div",
      { class: "kept__row" },
      this.play,
      element("span", { class: "ellipsis", text: recording.name, title: recording.name }),
      element("div", {}, this.pictured),
      element("span", { class: "number quiet", text: columnLength(recording.seconds) }),
      recording.synthetic &&
        chip({ text: "fed back", group: "harmony", tip: "An output of a model that was fed back." }),
    );
    this.#draw(model, recording);
  }

  /** @param {boolean} playing */
  setPlaying(playing) {
    this.element.toggleAttribute("data-playing", playing);
    setMeaning(this.play, `${playing ? "Stop" : "Play"} ${this.name}`, playing ? "stop" : "play");
  }

  destroy() {
    this.#abort.abort();
    this.picture?.destroy();
  }

  /** @param {string} model @param {Recording} recording */
  async #draw(model, recording) {
    const where = {
      key: `model ${model} ${recording.index}`,
      path: `/api/models/${part(model)}/recordings/${recording.index}/picture`,
    };
    const { signal } = this.#abort;
    const picture = knownPicture(where) ?? (await fetchPicture(where, signal));
    if (!picture || signal.aborted) return;
    this.picture = new SoundPicture({ name: `Picture of ${recording.name}`, size: "thumbnail" });
    this.picture.setPicture(picture);
    this.pictured.replaceChildren(this.picture.element);
  }
}
