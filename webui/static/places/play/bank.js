// @ts-check
/** The bank: model and preset, the model's sliders by group, those of space, and what acts on all of them. */
import { groupSliders, spaceSliders, summarise } from "../../logic/slider-groups.js";
import { throwSliders } from "../../logic/random.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { tip } from "../../parts/tip.js";
import { certificateGlyph } from "../../widgets/certificate-glyph.js";
import { Select } from "../../widgets/select.js";
import { SliderRow } from "../../widgets/slider-row.js";
import { BankHead } from "./bank-head.js";
import { Space } from "./space.js";

/** @typedef {import("../../logic/certificate.js").Slider} Slider */

export class Bank {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    this._play = play;
    /** @type {Map<string, SliderRow>} */
    this.rows = new Map();
    this._built = "";
    this.head = new BankHead(play);
    this.summary = element("span", { class: "bank__summary" });
    this.measured = element("div", { class: "bank__groups" }, ...skeleton());
    this.rest = element("div", { class: "bank__groups" });
    this.keep = new Select({
      name: "Keep",
      inline: true,
      options: play.app.words.generate.keep.choices.map((/** @type {string} */ value) => ({ value, text: value })),
      value: play.app.session.get("keep"),
      onCommit: (keep) => play.change({ keep }, "commit", "Set keep"),
    });
    this.keep.element.dataset.tip = play.app.words.generate.keep.description;
    this.space = new Space(play, this.#rows(spaceSliders(play.app.words.space_sliders)));
    this.reset = button({
      label: "Reset all",
      icon: "reset",
      tip: "Put all sliders back to 0 that are not locked.",
      onPress: () => this.resetAll(),
    });
    this.random = button({
      label: "Random",
      icon: "dice",
      key: "R",
      tip: "Throw the dice for all certified sliders that are not locked.",
      onPress: () => this.throwDice(),
    });
    this.element = element(
      "section",
      { class: "panel bank", "aria-label": "Sliders" },
      this.head.element,
      element("div", { class: "panel__head bank__title" }, element("h2", { text: "Sliders" }), this.summary),
      element("div", { class: "bank__keep" }, this.keep.element),
      element("div", { class: "bank__rows" }, this.measured, this.space.element, this.rest),
      element("div", { class: "bank__foot" }, this.reset, this.random),
    );
    const { session } = play.app;
    session.addEventListener("change", (event) => this.#follow(/** @type {CustomEvent} */ (event).detail.names));
    session.addEventListener("locks", () => this.rows.forEach((row, name) => row.setLocked(session.locks.has(name))));
    play.data.addEventListener("model", () => this.#build());
    play.lanes.addEventListener("lanes", () =>
      this.rows.forEach((row, name) => row.setLaneOpen(play.lanes.isOpen(name))),
    );
    play.deck.addEventListener("frame", () => this.rows.forEach((row) => row.setPlayhead(play.deck.playhead)));
  }

  /** Put all sliders back that are not locked. */
  resetAll() {
    this._play.app.session.resetSliders();
  }

  /** Throw all certified sliders, in one step. */
  throwDice() {
    const { app, data } = this._play;
    const thrown = throwSliders(data.sliders, app.session.locks);
    if (!Object.keys(thrown).length) return app.say("No certified slider is left to be thrown");
    app.session.setMany(thrown, "commit", "Random");
  }

  /** Bring the first slider into focus. */
  focus() {
    /** @type {HTMLElement|null} */ (this.element.querySelector("input[type=range]:enabled"))?.focus();
  }

  /** Build the rows of the model in use, unless they stand there already. */
  #build() {
    const { data, app } = this._play;
    const built = JSON.stringify(data.sliders);
    if (built === this._built || data.state === "loading") return;
    this._built = built;
    const giveBack = this.#holdFocus();
    const { groups, discovered, off } = groupSliders(data.sliders, app.words.sliders);
    for (const name of this.rows.keys()) if (!app.words.space_sliders.includes(name)) this.rows.delete(name);
    this.measured.replaceChildren(...groups.map(({ name, sliders }) => group(name, name, this.#rows(sliders))));
    this.rest.replaceChildren(
      ...(discovered.length ? [this.#discovered(discovered)] : []),
      ...(off.length ? [group("off", "discovered", this.#rows(off))] : []),
    );
    const marks = data.sliders
      .filter((one) => one.state !== "discovered")
      .map((one) => ({ name: one.name, state: one.state, group: one.group ?? groupOf(one.name, app.words.sliders) }));
    this.summary.replaceChildren(
      ...(marks.length
        ? [certificateGlyph(marks), element("span", { class: "small", text: summarise(data.sliders) })]
        : []),
    );
    this.rows.forEach((row, name) => row.setLaneOpen(this._play.lanes.isOpen(name)));
    giveBack();
  }

  /** Remember where the person is in a row; returns what brings them there, typed text included, in the new rows. */
  #holdFocus() {
    const { activeElement } = document;
    const [name, row] = [...this.rows].find(([, one]) => one.element.contains(activeElement)) ?? [];
    if (!name || !row) return () => {};
    const place = controls(row).findIndex((control) => control === activeElement);
    const text = row.spin.element.value;
    return () => {
      const next = this.rows.get(name);
      const control = next && controls(next)[place];
      if (!control || control.disabled) return this.focus();
      if (control === activeElement) return;
      control.focus();
      if (control !== next.spin.element) return;
      next.spin.element.value = text;
      next.spin.element.setSelectionRange(text.length, text.length);
    };
  }

  /** Directions that no name explains can be folded away; that is remembered. @param {Slider[]} sliders */
  #discovered(sliders) {
    const { app } = this._play;
    const title = element(
      "summary",
      { class: "bank__fold" },
      element("h3", { text: "discovered" }),
      element("span", { class: "small", text: String(sliders.length) }),
    );
    tip(title, "Directions of this model that no name explains, the strongest first.");
    const open = app.preferences.page?.discovered !== "folded";
    return element(
      "details",
      {
        class: "bank__group",
        open,
        data: { group: "discovered" },
        on: {
          toggle: (event) =>
            event.target.open !== open && app.prefer({ discovered: event.target.open ? "open" : "folded" }),
        },
      },
      title,
      ...this.#rows(sliders),
    );
  }

  /** @param {Slider[]} sliders @returns {HTMLElement[]} */
  #rows(sliders) {
    const { session } = this._play.app;
    return sliders.map((slider) => {
      const { name } = slider;
      const row = new SliderRow({
        slider,
        value: session.get(name),
        locked: session.locks.has(name),
        onInput: (value) => this._play.change({ [name]: value }, "input", `Set ${name}`),
        onCommit: (value) => this._play.change({ [name]: value }, "commit", `Set ${name}`),
        onLock: (locked) => session.lock(name, locked),
        onLane: (open) => this._play.lanes.toggle(name, open),
      });
      this.rows.set(name, row);
      return row.element;
    });
  }

  /** @param {string[]} names */
  #follow(names) {
    const { session } = this._play.app;
    this.keep.setValue(session.get("keep"));
    for (const [name, row] of this.rows) {
      const value = session.get(name);
      if ((names.includes("*") || names.includes(name)) && value !== row.value) row.setValue(value);
    }
  }
}

/** What of a row can have the focus. @param {SliderRow} row @returns {(HTMLInputElement|HTMLButtonElement)[]} */
const controls = (row) => [row.range.element, row.spin.element, row.lock, row.lane];

/** @param {string} name @param {any[]} words */
const groupOf = (name, words) => words.find((one) => one.name === name)?.group ?? "discovered";

/** @param {string} title @param {string} hue @param {HTMLElement[]} rows */
const group = (title, hue, rows) =>
  element("section", { class: "bank__group", data: { group: hue } }, element("h3", { text: title }), ...rows);

/** Where sliders will stand. */
const skeleton = () =>
  Array.from({ length: 7 }, () => element("div", { class: "bank__skeleton", "aria-hidden": "true" }));
