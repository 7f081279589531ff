// @ts-check
/** A choice from a list: the native select, so that it behaves as the system does, in the interface's dress. */
import { element, freshId } from "../parts/element.js";
import { icon } from "../parts/icon.js";

/** @typedef {{value: string, text: string, disabled?: boolean}} Option */

export class Select {
  /**
   * @param {{name: string, options: Option[], value: string, inline?: boolean, shown?: boolean,
   *     onCommit?: (value: string) => void}} options `shown: false` keeps the name for screen readers only
   */
  constructor({ name, options, value, inline = false, shown = true, onCommit }) {
    const id = freshId("select");
    this.select = element("select", {
      id,
      class: "select__native",
      "aria-label": shown ? null : name,
      on: { change: () => onCommit?.(this.select.value) },
    });
    this.element = element(
      "span",
      { class: `select ${inline ? "select--inline" : ""}` },
      shown && element("label", { class: "select__name", for: id, text: name }),
      element("span", { class: "select__box" }, this.select, icon("chevron-down")),
    );
    this.setOptions(options, value);
  }

  get value() {
    return this.select.value;
  }

  /** @param {Option[]} options @param {string} [value] */
  setOptions(options, value = this.select.value) {
    this.select.replaceChildren(
      ...options.map((one) => element("option", { value: one.value, text: one.text, disabled: one.disabled })),
    );
    this.setValue(value);
  }

  /** @param {string} value */
  setValue(value) {
    this.select.value = value;
  }

  /** @param {boolean} disabled */
  setDisabled(disabled) {
    this.select.disabled = disabled;
  }
}
