// @ts-check
/** The transport: play, time, loop, what an output is made of besides its sliders, and making one. */
import { throwSeed } from "../../logic/random.js";
import { showClock } from "../../logic/time-axis.js";
import { button, setMeaning } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { Checkbox } from "../../widgets/checkbox.js";
import { Fields } from "./fields.js";

export class Transport {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    const { app, deck } = play;
    this._play = play;
    this.play = button({ label: "Play", kind: "round", icon: "play", key: "Space", onPress: () => deck.toggle() });
    this.now = element("strong", { text: "0:00.0" });
    this.whole = element("span");
    this.loop = new Checkbox({
      name: "Loop",
      checked: app.session.get("loop"),
      onCommit: (loop) => play.change({ loop }, "commit", "Set loop"),
    });
    this.fields = new Fields(play);
    this.side = button({
      label: "History",
      icon: "list",
      tip: "What was made, A and B, blends.",
      onPress: () => play.drawer.toggle(),
    });
    this.side.classList.add("transport__side");
    this.make = button({
      label: "Make",
      kind: "primary",
      key: "M",
      tip: "Make this output: it is kept as a file and stands in the history.",
      onPress: () => play.making.make(),
    });
    this.export = button({ label: "Export…", onPress: () => this.askExport() });
    this.element = element(
      "section",
      { class: "transport", "aria-label": "Transport" },
      element(
        "div",
        { class: "transport__play" },
        this.play,
        element("div", { class: "transport__clock number", role: "timer", "aria-label": "Time" }, this.now, this.whole),
        this.loop.element,
      ),
      this.fields.element,
      element("div", { class: "transport__acts" }, this.side, this.make, this.export),
    );
    for (const name of ["state", "on"]) deck.addEventListener(name, () => this.#show());
    deck.addEventListener("frame", () => this.#showTime());
    play.making.addEventListener("making", () => (this.make.disabled = play.making.isAsking || !app.session.model));
    play.drawer.addEventListener("drawer", () => this.side.setAttribute("aria-expanded", String(play.drawer.isOpen)));
    this.side.setAttribute("aria-expanded", "false");
    app.session.addEventListener("change", () => this.loop.setChecked(app.session.get("loop")));
    play.data.addEventListener("model", () => this.#show());
    this.#show();
  }

  /** The sheet for files is the side's. */
  askExport() {
    const { app, deck } = this._play;
    app.events.dispatchEvent(new CustomEvent("export", { detail: { entry: deck.on.entry } }));
  }

  /** Another seed: another output of the same settings. */
  throwSeed() {
    const { maximum } = this._play.app.words.generate.seed;
    this._play.change({ seed: throwSeed(Math.min(maximum, 9999)) }, "commit", "Another seed");
  }

  #show() {
    const { deck, app, data } = this._play;
    const isPlaying = deck.isPlaying;
    setMeaning(this.play, isPlaying ? "Pause" : "Play", isPlaying ? "pause" : "play");
    this.play.toggleAttribute("data-waiting", deck.isWaiting);
    this.play.disabled = this.make.disabled = !app.session.model || data.state === "damaged";
    this.export.disabled = this.play.disabled;
    this.#showTime();
  }

  #showTime() {
    const { deck } = this._play;
    const { seconds } = deck;
    write(this.now, showClock(deck.playhead, 1));
    write(this.whole, seconds === null ? "" : ` / ${showClock(seconds, 1)}`);
  }
}

/** Write a text, unless it stands there. @param {HTMLElement} node @param {string} text */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
