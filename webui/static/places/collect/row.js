// @ts-check
/**
 * One recording in the table: in or out, play, name, picture as long as it is, length, level, and what the doctor says.
 */
import { show } from "../../logic/numbers.js";
import { columnLength } from "../../logic/recordings.js";
import { button, setMeaning } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { Checkbox } from "../../widgets/checkbox.js";
import { chip } from "../../widgets/chip.js";
import { SoundPicture } from "../../widgets/sound-picture.js";
import { fetchPicture, knownPicture, pictureOf } from "../../core/thumbnails.js";

/** @typedef {import("../../logic/recordings.js").Recording} Recording */
/** @typedef {import("../../logic/recordings.js").Note} Note */
/** @typedef {{set: string, recording: Recording, notes: Note[], longest: number}} RowData */
/**
 * @typedef {object} RowActions
 * @property {(recording: Recording) => void} onPlay @property {(recording: Recording, share: number) => void} onSeek
 * @property {(recording: Recording, included: boolean) => void} onInclude
 * @property {(recording: Recording) => void} onChoose
 */

const MOST_NOTES = 2; // shown as chips; all others are told by one more
const LEAST_WIDTH = 8; // percent of the column, for the shortest sound

export class RecordingRow {
  /** @type {SoundPicture|null} */
  picture = null;
  #abort = new AbortController();
  #drawn = "";
  #said = "";
  #state = "";

  /** @param {RowData} data @param {RowActions} actions */
  constructor(data, actions) {
    this.data = data;
    const { recording } = data;
    this.play = button({
      label: `Play ${recording.name}`,
      kind: "icon",
      icon: "play",
      onPress: () => actions.onPlay(this.data.recording),
    });
    this.play.classList.add("button--small");
    this.check = new Checkbox({
      name: recording.name,
      shown: false,
      onCommit: (checked) => actions.onInclude(this.data.recording, checked),
    });
    this.name = element("span", { class: "recordings__name ellipsis" });
    this.pictured = element("div", {
      class: "recordings__picture",
      on: { click: (event) => this.#seek(event, actions) },
    });
    this.length = element("span", { class: "number" });
    this.level = element("span", { class: "number" });
    this.notes = element("div", { class: "recordings__notes" });
    const cells = [this.check.element, this.play, this.name, this.pictured, this.length, this.level, this.notes];
    this.element = element(
      "div",
      {
        class: "recordings__row",
        role: "row",
        tabindex: -1,
        on: { pointerdown: () => actions.onChoose(this.data.recording) },
      },
      ...cells.map((node, at) =>
        element("div", { class: "recordings__cell", role: at === 2 ? "rowheader" : "cell" }, node),
      ),
    );
    this.update(data);
  }

  /** @param {RowData} data */
  update(data) {
    this.data = data;
    const { recording, longest } = data;
    this.element.toggleAttribute("data-out", !recording.included);
    this.element.toggleAttribute("data-unusable", recording.state === "skipped" || recording.state === "missing");
    this.check.setChecked(recording.included);
    this.name.textContent = recording.name;
    this.name.title = recording.name.length > 24 ? recording.name : "";
    this.length.textContent = recording.seconds === null ? "" : columnLength(recording.seconds);
    this.level.textContent = recording.loudness_lufs === null ? "" : `${show(recording.loudness_lufs, 0)} LUFS`;
    this.play.disabled = recording.state === "missing";
    const width = recording.seconds === null ? 40 : Math.max(LEAST_WIDTH, 100 * Math.sqrt(recording.seconds / longest));
    this.pictured.style.width = `${width}%`;
    this.#tellNotes(data.notes);
    this.#draw();
  }

  /** @param {{current: boolean, playing: boolean}} state */
  setState({ current, playing }) {
    const state = `${current} ${playing} ${this.#said}`;
    if (state === this.#state) return;
    this.#state = state;
    this.element.toggleAttribute("data-current", current);
    this.element.toggleAttribute("data-playing", playing);
    this.element.tabIndex = current ? 0 : -1;
    for (const node of this.element.querySelectorAll("input, button, .chip"))
      /** @type {HTMLElement} */ (node).tabIndex = current ? 0 : -1;
    const word = playing ? "Stop" : "Play";
    setMeaning(this.play, `${word} ${this.data.recording.name}`, playing ? "stop" : "play");
  }

  /** @param {number|null} seconds */
  setPlayhead(seconds) {
    this.picture?.setPlayhead(seconds);
  }

  destroy() {
    this.#abort.abort();
    this.picture?.destroy();
    this.element.remove();
  }

  /** @param {Note[]} notes */
  #tellNotes(notes) {
    const said = JSON.stringify(notes);
    if (said === this.#said) return;
    this.#said = said;
    const [shown, more] = [notes.slice(0, MOST_NOTES), notes.slice(MOST_NOTES)];
    const chips = shown.map(({ text, kind, sentences }) => chip({ text, kind, tip: sentences.join(" ") }));
    if (more.length)
      chips.push(chip({ text: `+${more.length}`, tip: more.flatMap(({ sentences }) => sentences).join(" ") }));
    this.notes.replaceChildren(...chips);
  }

  /** Ask for the picture of a recording that can be read. */
  #draw() {
    const { set, recording } = this.data;
    const where = pictureOf(set, recording);
    if (where.key === this.#drawn || recording.state === "missing" || recording.state === "skipped") return;
    this.#drawn = where.key;
    const known = knownPicture(where);
    if (known) this.#put(known);
    else fetchPicture(where, this.#abort.signal).then((picture) => picture && this.#put(picture));
  }

  /** @param {import("../../core/thumbnails.js").Picture} picture */
  #put(picture) {
    if (this.#abort.signal.aborted) return;
    this.picture ??= new SoundPicture({ name: `Picture of ${this.data.recording.name}`, size: "thumbnail" });
    this.picture.setPicture(picture);
    if (!this.picture.element.isConnected) this.pictured.replaceChildren(this.picture.element);
  }

  /** @param {MouseEvent} event @param {RowActions} actions */
  #seek(event, actions) {
    const { left, width } = this.pictured.getBoundingClientRect();
    actions.onSeek(this.data.recording, Math.min(1, Math.max(0, (event.clientX - left) / (width || 1))));
  }
}
