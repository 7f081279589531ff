// @ts-check
/** One of a few: native radio buttons side by side. Each radio's name may say more than what is written on it. */
import { element, freshId } from "../parts/element.js";
import { icon } from "../parts/icon.js";

/** @typedef {{value: string, text: string, label?: string, icon?: string}} Choice `label` is the accessible name */

export class Segmented {
  /**
   * @param {{name: string, choices: Choice[], value: string|null, onCommit?: (value: string) => void}} options
   */
  constructor({ name, choices, value, onCommit }) {
    const group = freshId("segmented");
    this.inputs = choices.map((choice) =>
      element("input", {
        type: "radio",
        name: group,
        value: choice.value,
        class: "segmented__input",
        "aria-label": choice.label ?? choice.text,
        on: { change: () => onCommit?.(choice.value) },
      }),
    );
    this.element = element(
      "div",
      { class: "segmented", role: "radiogroup", "aria-label": name },
      ...choices.map((choice, at) =>
        element(
          "label",
          { class: "segmented__choice" },
          this.inputs[at],
          choice.icon && icon(choice.icon),
          choice.text && element("span", { text: choice.text }),
        ),
      ),
    );
    this.setValue(value);
  }

  get value() {
    return this.inputs.find((input) => input.checked)?.value ?? null;
  }

  /** @param {string|null} value null chooses none */
  setValue(value) {
    for (const input of this.inputs) input.checked = input.value === value;
  }

  /** @param {boolean} disabled */
  setDisabled(disabled) {
    for (const input of this.inputs) input.disabled = disabled;
  }
}
