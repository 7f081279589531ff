// @ts-check
/** The output: its picture with the playhead, the lanes below it on the same axis, and what it is closest to. */
import { element } from "../../parts/element.js";
import { SoundPicture } from "../../widgets/sound-picture.js";
import { Findings } from "./findings.js";
import { PictureFeed } from "./picture-feed.js";

const HINT = "Press Play to hear what the sliders make, or move one to hear a single sound.";

export class Output {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    const { deck, lanes } = play;
    this._play = play;
    this.picture = new SoundPicture({ name: "the output", time: lanes.time, onSeek: (seconds) => deck.seek(seconds) });
    this.feed = new PictureFeed(this.picture);
    this.hint = element("p", { class: "output__hint" });
    this.waiting = element("div", { class: "output__waiting", hidden: true, "aria-hidden": "true" });
    this.view = element("div", { class: "output__picture" }, this.picture.element, this.hint, this.waiting);
    this.element = element(
      "section",
      { class: "panel output", "aria-label": "Output" },
      this.view,
      lanes.element,
      new Findings(play).element,
    );
    deck.addEventListener("take", () => this.#take());
    deck.addEventListener("on", () => this.#show());
    deck.addEventListener("state", () => this.#show());
    deck.addEventListener("frame", () => this.picture.setPlayhead(this.feed.isEmpty ? null : deck.playhead));
    play.data.addEventListener("model", () => this.#show());
    this.#show();
  }

  #take() {
    const { deck } = this._play;
    const { take } = deck.player;
    if (take) this.feed.show(take, this.#name(), deck.isReplacement);
  }

  /** Name of what the picture shows. */
  #name() {
    const { on } = this._play.deck;
    return on.entry?.id ?? on.kind;
  }

  #show() {
    const { deck, lanes, app } = this._play;
    const { isEmpty } = this.feed;
    if (deck.on.kind === "output" && this.feed.name === "making") this.feed.name = this.#name();
    this.view.toggleAttribute("data-stale", !isEmpty && !deck.isPlaying && deck.isStale);
    this.waiting.hidden = !deck.isWaiting;
    this.hint.hidden = !isEmpty || deck.isPlaying;
    this.hint.textContent = app.session.model ? HINT : "";
    const { seconds } = deck;
    if (!deck.isPlaying && seconds && lanes.time.seconds !== seconds) lanes.time.reset(seconds);
  }
}
