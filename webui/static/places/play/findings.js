// @ts-check
/**
 * Findings about the output, in one line: the recording it is closest to, how new it is, its seed, what to know of
 * it.
 */
import { get, part } from "../../core/api.js";
import { recordingSource } from "../../core/sources.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { tip } from "../../parts/tip.js";
import { Progress } from "../../widgets/progress.js";
import { chip } from "../../widgets/chip.js";

const HEARD_SECONDS = 2; // of the nearest recording

export class Findings {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    this._play = play;
    this.nearest = button({
      label: "Play the nearest recording",
      kind: "icon",
      icon: "play",
      onPress: () => this.#play(),
    });
    this.nearest.classList.add("button--small");
    this.words = element("div", { class: "findings__words ellipsis" });
    tip(this.words, () => this.words.dataset.tip ?? "");
    this.progress = new Progress({ name: "Making", thin: true });
    this.stop = button({ label: "Stop", kind: "plain", onPress: () => play.making.stop() });
    this.making = element(
      "div",
      { class: "findings__making", hidden: true },
      element("span", { class: "quiet", text: "making" }),
      this.progress.element,
      this.stop,
    );
    this.notes = element("div", { class: "findings__notes" });
    this.element = element("div", { class: "findings" }, this.nearest, this.words, this.notes, this.making);
    for (const name of ["on", "state"]) play.deck.addEventListener(name, () => this.#show());
    play.making.addEventListener("making", () => this.#make());
    this.#show();
  }

  #show() {
    const { on, isStale, isPlaying, heardKey } = this._play.deck;
    const { novelty } = on;
    this.nearest.hidden = !novelty;
    const strong = (/** @type {string} */ text) => element("strong", { text });
    const parts = [
      on.entry && ["output ", strong(String(on.entry.number))],
      novelty && ["closest to ", strong(novelty.nearest.replace(/\.[^.]+$/, "")), ` at ${novelty.at.toFixed(2)} s`],
      novelty && ["new ", strong(novelty.score.toFixed(2))],
      isStale && heardKey && !isPlaying && ["changed since it was heard"],
    ].filter(Boolean);
    this.words.replaceChildren(
      ...parts.flatMap((one, at) => [
        ...(at ? [element("span", { class: "findings__dot", text: "·" })] : []),
        .../** @type {any[]} */ (one),
      ]),
    );
    this.words.dataset.tip = novelty
      ? `How new it is goes from 0, a recording as it is, to 1, unlike any of them. The nearest one is ${novelty.nearest}.`
      : "";
    this.notes.replaceChildren(...on.notes.map((note) => chip({ text: note, tip: note, kind: "warn" })));
  }

  #make() {
    const { job } = this._play.making;
    this.making.hidden = !job;
    if (job)
      this.progress.set(
        job.state === "waiting" ? null : job.share,
        job.state === "waiting" ? "waiting" : `${Math.round(100 * (job.share ?? 0))} %`,
      );
  }

  /** Let the moment be heard that the output is closest to. */
  async #play() {
    const { app, deck } = this._play;
    const { novelty, model } = deck.on;
    if (!novelty) return;
    const found = await app.attempt(get(`/api/models/${part(model)}/recordings`));
    const recording = found?.recordings.find((/** @type {any} */ one) => one.name === novelty.nearest);
    if (recording) app.exploring.audition(recordingSource(model, recording.index, novelty.at, HEARD_SECONDS));
    else if (found) app.say(`${novelty.nearest} is not in this model any more`);
  }
}
