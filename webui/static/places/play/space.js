// @ts-check
/** Where the sounds are: width and distance, how they move, the room's reverb, and the head of binaural outputs. */
import { element } from "../../parts/element.js";
import { NumberField } from "../../widgets/number-field.js";
import { Segmented } from "../../widgets/segmented.js";
import { Hearing } from "./hearing.js";

const MOVEMENTS = /** @type {Record<string, string>} */ ({ still: "Still", orbit: "Orbit", drift: "Drift" });

export class Space {
  /** @param {import("./play.js").Play} play @param {HTMLElement[]} rows of width and distance */
  constructor(play, rows) {
    const { app, change } = play;
    this._play = play;
    const { generate } = app.words;
    this.movement = new Segmented({
      name: "Movement",
      value: app.session.get("movement"),
      choices: generate.movement.choices.map((/** @type {string} */ value) => ({
        value,
        text: MOVEMENTS[value] ?? value,
      })),
      onCommit: (movement) => change({ movement }, "commit", "Set movement"),
    });
    this.orbit = this.#number("orbit_seconds", "Orbit time", 0.5);
    this.reverb = this.#number("reverb_seconds", "Reverb", 0.1);
    this.hearing = new Hearing(play);
    const line = (/** @type {Node[]} */ ...nodes) => element("div", { class: "space__line" }, ...nodes);
    this.turning = line(this.orbit.element);
    this.element = element(
      "section",
      { class: "bank__group space", data: { group: "space" } },
      element("h3", { text: "space" }),
      ...rows,
      line(element("span", { class: "space__name", text: "movement", "aria-hidden": "true" }), this.movement.element),
      this.turning,
      line(this.reverb.element),
      this.hearing.element,
    );
    app.session.addEventListener("change", () => this.#show());
    this.#show();
  }

  #show() {
    const { session } = this._play.app;
    this.movement.setValue(session.get("movement"));
    this.turning.hidden = session.get("movement") !== "orbit";
    for (const [name, field] of Object.entries({ orbit_seconds: this.orbit, reverb_seconds: this.reverb }))
      field.setValue(session.get(name));
  }

  /** @param {string} key @param {string} name @param {number} step */
  #number(key, name, step) {
    const { app, change } = this._play;
    const { minimum, maximum, description } = app.words.generate[key];
    return new NumberField({
      name,
      value: app.session.get(key),
      low: minimum,
      high: maximum,
      step,
      digits: 1,
      unit: "s",
      tip: description,
      onInput: (value) => change({ [key]: value }, "input", `Set ${name.toLowerCase()}`),
      onCommit: (value) => change({ [key]: value }, "commit", `Set ${name.toLowerCase()}`),
    });
  }
}
