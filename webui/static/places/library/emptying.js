// @ts-check
/**
 * Emptying the trash cannot be taken back, so it takes two presses: the first says what will be gone, the second does
 * it.
 * It is put back by Escape, by a press elsewhere, and when the trash changes meanwhile.
 */
import { showBytes } from "../../logic/numbers.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";

export class Emptying {
  #what = "";
  #said = "";

  /** @param {() => any} onEmpty */
  constructor(onEmpty) {
    this.begin = button({ label: "Empty the trash", icon: "trash", onPress: () => this.#ask() });
    this.words = element("span", { class: "emptying__words", role: "note" });
    this.sure = button({
      label: "Remove for good",
      kind: "danger",
      icon: "trash",
      onPress: () => {
        this.#back();
        onEmpty();
      },
    });
    this.keep = button({ label: "Keep", kind: "plain", onPress: () => this.#back(true) });
    this.asked = element("span", { class: "emptying__asked", hidden: true }, this.words, this.keep, this.sure);
    this.element = element(
      "div",
      { class: "emptying", on: { keydown: (event) => this.#key(event), focusout: (event) => this.#leave(event) } },
      this.begin,
      this.asked,
    );
    this.show("", 0);
  }

  /** @param {string} what is in the trash, in words @param {number} bytes */
  show(what, bytes) {
    const said =
      what &&
      `${what.charAt(0).toUpperCase()}${what.slice(1)} will be gone for good${bytes ? `, ${showBytes(bytes)}` : ""}.`;
    if (said !== this.#said) this.#back();
    [this.#what, this.#said] = [what, said];
    this.words.textContent = said;
    this.begin.disabled = !what;
  }

  #ask() {
    if (!this.#what) return;
    this.asked.hidden = false;
    this.keep.focus(); // before the button goes: a focus that is lost takes the question back
    this.begin.hidden = true;
  }

  /** @param {boolean} [focus] whether the button gets the focus back */
  #back(focus = false) {
    this.asked.hidden = true;
    this.begin.hidden = false;
    if (focus) this.begin.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || this.asked.hidden) return;
    event.stopPropagation();
    event.preventDefault();
    this.#back(true);
  }

  /** @param {FocusEvent} event */
  #leave(event) {
    if (!this.element.contains(/** @type {Node|null} */ (event.relatedTarget))) this.#back();
  }
}
