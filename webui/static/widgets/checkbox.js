// @ts-check
/** On or off: a native checkbox, as a box or as a switch. The role is checkbox in both. */
import { element } from "../parts/element.js";

export class Checkbox {
  /**
   * @param {{name: string, checked?: boolean, disabled?: boolean, look?: "box"|"switch", shown?: boolean,
   *     onCommit?: (checked: boolean) => void}} options `shown: false` keeps the name for screen readers only
   */
  constructor({ name, checked = false, disabled = false, look = "box", shown = true, onCommit }) {
    this.input = element("input", {
      type: "checkbox",
      class: `checkbox__input checkbox__input--${look}`,
      disabled,
      "aria-label": shown ? null : name,
      on: { change: () => onCommit?.(this.input.checked) },
    });
    this.element = element("label", { class: "checkbox" }, this.input, shown && element("span", { text: name }));
    this.setChecked(checked);
  }

  get checked() {
    return this.input.checked;
  }

  /** @param {boolean|"some"} checked "some" where it stands for several that differ */
  setChecked(checked) {
    this.input.checked = checked === true;
    this.input.indeterminate = checked === "some";
  }

  /** @param {boolean} disabled */
  setDisabled(disabled) {
    this.input.disabled = disabled;
  }
}
