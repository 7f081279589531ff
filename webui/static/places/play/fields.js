// @ts-check
/** The numbers of the transport: duration, density, flow, novelty, source, seed; and the channels. */
import { isCurve, shift, valueAt } from "../../logic/curve.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { chip } from "../../widgets/chip.js";
import { NumberField } from "../../widgets/number-field.js";
import { Select } from "../../widgets/select.js";
import { setOptions } from "./options.js";

/** How numbers are stepped and written; their limits and words come from the program. */
const NUMBERS = /** @type {const} */ ([
  { key: "duration", step: 1, digits: 1, proportional: true, moves: false },
  { key: "density", step: 0.1, digits: 1, proportional: false, moves: true },
  { key: "flow", step: 0.05, digits: 2, proportional: false, moves: true },
  { key: "novelty", step: 0.05, digits: 2, proportional: false, moves: true },
  { key: "source", step: 0.05, digits: 2, proportional: false, moves: false },
  { key: "seed", step: 1, digits: 0, proportional: false, moves: false },
]);

export class Fields {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    const { app } = play;
    this._play = play;
    this.numbers = NUMBERS.map((one) => ({ ...one, field: this.#make(one) }));
    const dice = button({
      label: "Another seed",
      kind: "icon",
      icon: "dice",
      key: "D",
      onPress: () => play.transport.throwSeed(),
    });
    dice.classList.add("button--small");
    this.channels = new Select({
      name: "Channels",
      inline: true,
      options: [],
      value: "",
      onCommit: (channels) => play.change({ channels }, "commit", "Set channels"),
    });
    this.single = element(
      "span",
      { class: "transport__single", hidden: true },
      chip({
        text: "one-shot",
        tip: app.words.generate.one_shot.description,
        onRemove: () => play.change({ one_shot: false }, "commit", "Not a one-shot"),
      }),
    );
    this.element = element(
      "div",
      { class: "transport__fields" },
      this.single,
      ...this.numbers.map(({ field }) => field.element),
      dice,
      this.channels.element,
    );
    app.session.addEventListener("change", () => this.#show());
    play.data.addEventListener("model", () => this.#show());
    play.lanes.addEventListener("lanes", () =>
      this.numbers.forEach(({ key, field }) => field.setLaneOpen(play.lanes.isOpen(key))),
    );
    play.deck.addEventListener("frame", () => this.#follow());
    this.#show();
  }

  /** @param {typeof NUMBERS[number]} number */
  #make({ key, step, digits, proportional, moves }) {
    const { app, lanes } = this._play;
    const { minimum, maximum, unit, description, optional } = app.words.generate[key];
    const name = key.charAt(0).toUpperCase() + key.slice(1);
    return new NumberField({
      name,
      step,
      digits,
      proportional,
      low: minimum,
      high: maximum,
      unit: unit ?? "",
      tip: description,
      auto: optional,
      value: minimum,
      onInput: (value) => this.#set(key, value, "input"),
      onCommit: (value) => this.#set(key, value, "commit"),
      onLane: moves ? (open) => lanes.toggle(key, open) : undefined,
    });
  }

  /**
   * A number that follows a lane raises or lowers all of it.
   * @param {string} key @param {number} value @param {"input"|"commit"} phase
   */
  #set(key, value, phase) {
    const { app, change, deck } = this._play;
    const { minimum, maximum } = app.words.generate[key];
    const now = app.session.get(key);
    if (Number.isNaN(value)) return void change({ [key]: null }, phase, `Set ${key} to auto`);
    const wanted = isCurve(now) ? shift(now, value - valueAt(now, deck.playhead), minimum, maximum) : value;
    change({ [key]: wanted }, phase, `Set ${key}`);
  }

  #show() {
    const { app, data } = this._play;
    const { session } = app;
    const single = session.get("one_shot");
    this.single.hidden = !single;
    for (const { key, field } of this.numbers) {
      field.setFollows(isCurve(session.get(key)));
      field.setDisabled(single && (key === "duration" || key === "density"));
    }
    const space = session.get("movement") !== "still" || session.get("width") !== 0 || session.get("distance") !== 0;
    const auto = data.card?.channels === 2 || space ? "stereo" : "mono";
    const texts = /** @type {Record<string, string>} */ ({ auto: `auto: ${auto}` });
    setOptions(
      this.channels,
      app.words.generate.channels.choices.map((/** @type {string} */ value) => ({
        value,
        text: texts[value] ?? value,
      })),
      session.get("channels"),
    );
    this.#follow();
  }

  #follow() {
    const { app, deck } = this._play;
    for (const { key, field } of this.numbers) {
      const value = valueAt(app.session.get(key) ?? NaN, deck.playhead);
      if (!field.spin.isEdited && !Object.is(value, field.spin.value)) field.setValue(value);
    }
  }
}
