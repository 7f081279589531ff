// @ts-check
/** A line of text with its name above it; search fields have a magnifying glass, quiet ones look like a heading. */
import { element, freshId } from "../parts/element.js";
import { icon } from "../parts/icon.js";

export class TextField {
  /**
   * @param {{name: string, value?: string, look?: "framed"|"search"|"quiet", placeholder?: string, hint?: string,
   *     rows?: number, onInput?: (text: string) => void, onCommit?: (text: string) => void}} options
   */
  constructor({ name, value = "", look = "framed", placeholder, hint, rows, onInput, onCommit }) {
    const [id, hintId] = [freshId("text"), freshId("hint")];
    const shown = look === "framed";
    this.before = value;
    this.input = /** @type {HTMLInputElement|HTMLTextAreaElement} */ (
      element(rows ? "textarea" : "input", {
        id,
        class: "text-field__input",
        type: rows ? null : look === "search" ? "search" : "text",
        rows: rows ?? null,
        placeholder,
        autocomplete: "off",
        spellcheck: "false",
        "aria-label": shown ? null : name,
        "aria-describedby": hint ? hintId : null,
        on: {
          input: () => onInput?.(this.input.value),
          change: () => onCommit?.((this.before = this.input.value)),
          keydown: (event) => this.#key(event, onInput),
        },
      })
    );
    this.hint = element("span", { id: hintId, class: "text-field__hint small", text: hint ?? "", hidden: !hint });
    this.element = element(
      "span",
      { class: `text-field text-field--${look}` },
      shown && element("label", { class: "text-field__name", for: id, text: name }),
      look === "search" && icon("search"),
      this.input,
      this.hint,
    );
    this.setValue(value);
  }

  get value() {
    return this.input.value;
  }

  /** @param {string} value */
  setValue(value) {
    this.input.value = this.before = value;
  }

  /** Say what is wrong with the text, or nothing. @param {string} words */
  setProblem(words) {
    this.input.toggleAttribute("aria-invalid", Boolean(words));
    this.input.setAttribute("aria-describedby", this.hint.id);
    this.hint.textContent = words;
    this.hint.hidden = !words;
  }

  /** @param {KeyboardEvent} event @param {((text: string) => void) | undefined} onInput */
  #key(event, onInput) {
    if (event.key === "Enter" && this.input.tagName === "INPUT") this.input.blur();
    if (event.key !== "Escape" || this.input.value === this.before) return;
    event.stopPropagation();
    event.preventDefault();
    this.input.value = this.before;
    onInput?.(this.before);
  }
}
