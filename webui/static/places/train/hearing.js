// @ts-check
/**
 * Hear it now: one recording as it is, and as the model in training hears it by now; one key changes over at the same
 * playhead.
 */
import { openSound } from "../../core/api.js";
import { hearingSource } from "../../core/sources.js";
import { receive, SAMPLE_RATE, Take } from "../../core/take.js";
import { button, setMeaning } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { isRunning } from "../../logic/training.js";
import { showLength } from "../../logic/time-axis.js";
import { Segmented } from "../../widgets/segmented.js";
import { SoundPicture } from "../../widgets/sound-picture.js";

/** @typedef {"original"|"model"} Side */
/** @type {Side[]} */
const SIDES = ["original", "model"];
const NAMES = { original: "As recorded", model: "As the model hears it" };
const SHORT = { original: "Original", model: "Model" };
const SOON = "Once it has learned for some seconds";

export class Hearing {
  /** @type {Record<Side, Take>|null} */
  #takes = null;
  #refreshed = 0;
  #at = 0; // when it was refreshed, milliseconds
  #job = "";
  /** @type {Side} */
  #side = "model";
  /** @type {import("../../core/player.js").Source[]} */
  #pair = [];

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this._app = app;
    this.play = button({ label: "Play", kind: "round", icon: "play", onPress: () => this.toggle() });
    this.sides = new Segmented({
      name: "Heard",
      value: this.#side,
      choices: SIDES.map((value) => ({ value, text: SHORT[value], label: NAMES[value] })),
      onCommit: (side) => this.switchTo(/** @type {Side} */ (side)),
    });
    this.age = element("span", { class: "small number" });
    this.recording = element("span", { class: "ellipsis hearing__recording" });
    this.pictures = SIDES.map((side) => ({ side, picture: new SoundPicture({ name: NAMES[side], size: "strip" }) }));
    const strips = this.pictures.map(({ side, picture }) =>
      element(
        "figure",
        { class: "hearing__side", data: { side }, on: { click: () => this.#choose(side) } },
        element("figcaption", { class: "small", text: NAMES[side] }),
        picture.element,
      ),
    );
    this.element = element(
      "section",
      { class: "hearing", "aria-label": "Hear it now", hidden: true },
      element(
        "div",
        { class: "hearing__head" },
        this.play,
        element("div", { class: "hearing__title" }, element("h2", { text: "Hear it now" }), this.recording),
        this.sides.element,
        this.age,
      ),
      element("div", { class: "hearing__sides" }, ...strips),
    );
    for (const what of ["state", "take"]) app.aside.addEventListener(what, () => this.#showState());
    window.setInterval(() => this.#showAge(), 1000);
    this.#showState();
  }

  get isThere() {
    return this.#takes !== null;
  }

  get #isPlaying() {
    const { source, state } = this._app.aside;
    return state === "playing" && source !== null && this.#pair.includes(source);
  }

  /** @param {import("../../logic/training.js").Job} job */
  show(job) {
    if (job.id !== this.#job) this.#forget(job.id);
    const refreshed = job.heard?.refreshed ?? 0;
    if (refreshed > this.#refreshed && job.state === "running") {
      this.#refreshed = refreshed;
      this.#load(job.id, job.heard.recording);
    }
    this.element.hidden = !this.isThere && !isRunning(job);
    this.play.disabled = !this.isThere;
    this.sides.setDisabled(!this.isThere);
    if (!this.isThere) this.recording.textContent = SOON;
  }

  /** Let the pair be heard, or stop. */
  toggle() {
    if (this.#isPlaying) this._app.aside.stop();
    else this.#begin(0);
  }

  /** Change over to a side, or to the other one. @param {Side} [side] */
  switchTo(side = this.#side === "model" ? "original" : "model") {
    this.#side = side;
    this.sides.setValue(side);
    if (this.#isPlaying) this._app.aside.switchTo(SIDES.indexOf(side));
    this.#showState();
  }

  hide() {
    if (this.#isPlaying) this._app.aside.stop();
  }

  /** @param {Side} side */
  #choose(side) {
    this.switchTo(side);
    if (!this.#isPlaying) this.#begin(0);
  }

  /** @param {number} seconds */
  #begin(seconds) {
    if (!this.#takes) return;
    const takes = this.#takes;
    this.#pair = SIDES.map((side) => ({
      ...hearingSource(this.#job, side),
      take: takes[side],
      total: takes[side].received,
    }));
    if (this._app.player.state === "playing") this._app.player.pause();
    this._app.attempt(this._app.aside.playPair([this.#pair[0], this.#pair[1]], seconds, SIDES.indexOf(this.#side)));
  }

  /**
   * Fetch both sides anew; what is playing goes on with them at its playhead.
   * @param {string} job
   * @param {string} recording
   */
  async #load(job, recording) {
    const both = SIDES.map((side) => fetchTake(job, side));
    const fetched = await Promise.all(both).catch(() => null); // it ended meanwhile
    if (!fetched || job !== this.#job) return;
    this.#takes = { original: fetched[0], model: fetched[1] };
    this.#at = performance.now();
    this.recording.textContent = recording;
    this.pictures.forEach(({ picture }, at) => draw(picture, fetched[at]));
    this.element.hidden = this.play.disabled = false;
    this.sides.setDisabled(false);
    if (this.#isPlaying) this.#begin(this._app.aside.playhead);
    this.#showAge();
  }

  /** @param {string} job */
  #forget(job) {
    this.hide();
    [this.#job, this.#takes, this.#refreshed, this.#pair] = [job, null, 0, []];
    for (const { picture } of this.pictures) picture.clear();
  }

  #showState() {
    const playing = this.#isPlaying;
    setMeaning(this.play, playing ? "Stop" : "Play", playing ? "stop" : "play");
    for (const node of this.element.querySelectorAll(".hearing__side"))
      node.toggleAttribute("data-heard", /** @type {HTMLElement} */ (node).dataset.side === this.#side);
    if (playing) this.#follow();
    else for (const { picture } of this.pictures) picture.setPlayhead(null);
  }

  #follow() {
    if (!this.#isPlaying) return;
    const seconds = this._app.aside.playhead;
    for (const { picture } of this.pictures) picture.setPlayhead(seconds);
    requestAnimationFrame(() => this.#follow());
  }

  #showAge() {
    const seconds = Math.round((performance.now() - this.#at) / 1000);
    this.age.textContent = this.isThere ? (seconds < 2 ? "just now" : `${showLength(seconds)} ago`) : "";
  }
}

/** @param {string} job @param {Side} side */
async function fetchTake(job, side) {
  const sound = await openSound(hearingSource(job, side).open(0).path);
  const take = new Take(sound);
  await receive(sound, take);
  if (take.error) throw take.error;
  return take;
}

/** @param {SoundPicture} picture @param {Take} take */
function draw(picture, take) {
  picture.beginSound({ seconds: take.received / SAMPLE_RATE, sample_rate: SAMPLE_RATE, channels: 1 });
  picture.addSamples(take.mono());
  picture.endSound();
}
