// @ts-check
/** Panels of Play while there is nothing to play: no model yet, a damaged one, or nobody who answers. */
import { post } from "../../core/api.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { icon } from "../../parts/icon.js";

export class StatePanel {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    this._play = play;
    this.element = element("section", { class: "play__state", "aria-label": "Nothing to play", hidden: true });
    play.data.addEventListener("model", () => this.show());
    play.app.state.on("jobs", () => this._play.data.state === "none" && this.show());
  }

  show() {
    const { state } = this._play.data;
    const shown = /** @type {Record<string, () => Node[]>} */ ({
      none: () => this.#none(),
      damaged: () => this.#damaged(),
      lost: () => this.#lost(),
    });
    this.element.hidden = !shown[state];
    this.element.replaceChildren(...(shown[state]?.() ?? []));
  }

  #none() {
    const { app } = this._play;
    const training = app.state.running.find((job) => ["train", "resume"].includes(job.kind));
    if (training) {
      return say(
        `${training.title} is being learned`,
        "It can be played as soon as it is learned.",
        button({ label: "Watch it learn", kind: "primary", onPress: () => app.go("train", training.id) }),
      );
    }
    return say(
      "There is nothing to play yet",
      "A model learns from your recordings in a few minutes, on this computer. Then it is played here.",
      button({ label: "Train", kind: "primary", onPress: () => app.go("train") }),
      button({ label: "Try the demo set", onPress: () => this.#demo() }),
    );
  }

  #damaged() {
    const { app, data } = this._play;
    const others = data.models.some((one) => !one.problem && one.id !== data.card?.id);
    return say(
      `${data.card?.name ?? "This model"} cannot be played`,
      sentence(data.problem),
      button({ label: "Open the library", kind: "primary", onPress: () => app.go("library", data.card?.id ?? "") }),
      others && element("p", { class: "quiet", text: "Or choose another model on the left." }),
    );
  }

  #lost() {
    return say(
      "The program does not answer",
      this._play.data.problem.replace(/^The program does not answer\. /, ""),
      button({ label: "Try again", kind: "primary", onPress: () => this._play.data.look() }),
    );
  }

  async #demo() {
    const { app } = this._play;
    const made = await app.attempt(post("/api/sets/demo"));
    if (made) app.go("collect", made.id);
  }
}

/**
 * @param {string} title @param {string} words @param {import("../../parts/element.js").Children} actions
 * @returns {Node[]}
 */
function say(title, words, ...actions) {
  return [
    icon("map", "play__mark"),
    element("h2", { class: "play__title", text: title }),
    element("p", { class: "quiet", text: words }),
    element("div", { class: "line" }, ...actions),
  ];
}

/** @param {string} words */
function sentence(words) {
  if (!words) return "Its files are damaged.";
  const begun = /^\S*\.\S/.test(words) ? words : words.charAt(0).toUpperCase() + words.slice(1); // a file keeps its name
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
