// @ts-check
/** The few things that every training is asked for: the set, the name, and how long it may take. */
import { countWords } from "../../logic/recordings.js";
import { expectMinutes } from "../../logic/training.js";
import { element } from "../../parts/element.js";
import { NumberField } from "../../widgets/number-field.js";
import { Segmented } from "../../widgets/segmented.js";
import { Select } from "../../widgets/select.js";
import { TextField } from "../../widgets/text-field.js";

const CHIPS = ["1", "3", "10", "30"];

export class Fields {
  isNamed = false; // by the person
  #turn = 0; // of the name that is proposed last

  /**
   * @param {Record<string, any>} guide of the setting `minutes`
   * @param {{onSet: (id: string) => void, onMinutes: () => void}} actions
   */
  constructor(guide, { onSet, onMinutes }) {
    this.onMinutes = onMinutes;
    this.set = new Select({ name: "Set", options: [], value: "", onCommit: onSet });
    this.name = new TextField({ name: "Name", onInput: () => this.#named() });
    this.number = this.#makeNumber(guide);
    this.chips = new Segmented({
      name: "Time",
      value: String(guide.default),
      onCommit: (value) => this.setMinutes(Number(value)),
      choices: CHIPS.map((value) => ({
        value,
        text: `${value} min`,
        label: `${value} minute${value === "1" ? "" : "s"}`,
      })),
    });
    this.expected = element("p", { class: "form__expected" });
    const label = element("span", { class: "form__label", text: "Time", "aria-hidden": "true" });
    const chips = element("div", { class: "form__chips" }, label, this.chips.element);
    const time = element("div", { class: "form__time" }, chips, this.number.element);
    this.element = element("div", { class: "form__fields" }, this.set.element, this.name.element, time, this.expected);
    this.#tell();
  }

  get minutes() {
    return this.number.spin.value;
  }

  /** The name that is wanted; null, and said so, where there is none. */
  get wantedName() {
    const name = this.name.value.trim();
    if (name) return name;
    this.name.setProblem("Give it a name.");
    this.name.input.focus();
    return null;
  }

  /** @param {number} minutes */
  setMinutes(minutes) {
    this.number.setValue(minutes);
    this.#tell();
  }

  /** @param {Record<string, any>[]} sets @param {string} chosen */
  setSets(sets, chosen) {
    this.set.setOptions(
      sets.map(({ id, name, files }) => ({ value: id, text: `${name} · ${countWords(files)}` })),
      chosen,
    );
  }

  /** @param {{set: boolean, name: boolean}} shown */
  setShown({ set, name }) {
    this.set.element.hidden = !set;
    this.name.element.hidden = !name;
  }

  /** Forget the name: it is of something else. */
  forgetName() {
    this.#turn += 1;
    this.isNamed = false;
    this.name.setValue("");
    this.name.setProblem("");
  }

  /**
   * Propose a name, unless the person has typed one; the last proposal counts. It is selected where the person is about
   * to type, so that their name replaces it. @param {Promise<string>} name
   */
  async propose(name) {
    const turn = ++this.#turn;
    const proposed = await name;
    if (this.isNamed || turn !== this.#turn) return;
    this.name.setValue(proposed);
    this.name.setProblem("");
    if (document.activeElement === this.name.input) this.name.input.select();
  }

  #named() {
    this.isNamed = true;
    this.name.setProblem("");
  }

  /** @param {Record<string, any>} guide */
  #makeNumber({ default: value, minimum: low, maximum: high }) {
    const tell = () => this.#tell();
    const options = { name: "Minutes", value, low, high, step: 1, digits: 1, unit: "min", framed: true };
    return new NumberField({ ...options, onInput: tell, onCommit: tell });
  }

  #tell() {
    const minutes = String(this.minutes);
    this.chips.setValue(CHIPS.includes(minutes) ? minutes : null);
    this.expected.textContent = expectMinutes(this.minutes);
    this.onMinutes();
  }
}
