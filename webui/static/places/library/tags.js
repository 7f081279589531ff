// @ts-check
/** Tags that are written in place: each can be taken away, and a short field adds one. */
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { chip } from "../../widgets/chip.js";
import { TextField } from "../../widgets/text-field.js";

export class Tags {
  /** @type {string[]} */ tags = [];

  /** @param {{name: string, onChange: (tags: string[]) => any}} options `name` of what they are on */
  constructor({ name, onChange }) {
    this.onChange = onChange;
    this.add = button({ label: "Add tag", kind: "plain", icon: "plus", onPress: () => this.#write() });
    this.add.setAttribute("aria-label", `Add tag to ${name}`);
    this.add.classList.add("tags__add");
    this.field = new TextField({
      name: `New tag of ${name}`,
      placeholder: "New tag",
      look: "quiet",
      onCommit: (text) => this.#take(text),
    });
    this.field.element.classList.add("tags__field");
    this.field.element.hidden = true;
    this.field.input.addEventListener("blur", () => this.#end());
    this.field.input.addEventListener("keydown", (event) => {
      const { key } = /** @type {KeyboardEvent} */ (event);
      if (key === "Escape") this.#end();
      else if (key === "Enter") this.add.focus(); // the field has let go of it already
    });
    this.chips = element("span", { class: "tags__chips" });
    this.element = element("div", { class: "tags" }, this.chips, this.field.element, this.add);
  }

  /** @param {string[]} tags */
  show(tags) {
    this.tags = tags;
    this.chips.replaceChildren(
      ...tags.map((text) => chip({ text, onRemove: () => this.onChange(this.tags.filter((one) => one !== text)) })),
    );
  }

  #write() {
    this.add.hidden = true;
    this.field.element.hidden = false;
    this.field.input.focus();
  }

  #end() {
    const hadFocus = this.field.input === document.activeElement;
    this.field.setValue("");
    this.field.element.hidden = true;
    this.add.hidden = false;
    if (hadFocus) this.add.focus();
  }

  /** @param {string} text several may be separated by commas */
  #take(text) {
    const more = text
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one && !this.tags.some((tag) => tag.toLowerCase() === one.toLowerCase()));
    if (more.length) this.onChange([...this.tags, ...more]);
  }
}
