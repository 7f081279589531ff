// @ts-check
/** The right column; where there is no room for it, a drawer that a button of the transport opens. */
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";

export class Drawer extends EventTarget {
  constructor() {
    super();
    const away = button({ label: "Close history", kind: "icon", icon: "close", onPress: () => this.close() });
    this.content = element("div", { class: "play__side-content" });
    this.element = element(
      "aside",
      {
        class: "play__side",
        "aria-label": "Outputs",
        on: { keydown: (event) => event.key === "Escape" && !event.defaultPrevented && this.close() },
      },
      element("div", { class: "play__side-away" }, away),
      this.content,
    );
  }

  /** @param {HTMLElement} content */
  fill(content) {
    this.content.replaceChildren(content);
  }

  get isOpen() {
    return this.element.hasAttribute("data-open");
  }

  open() {
    this.element.toggleAttribute("data-open", true);
    /** @type {HTMLElement|null} */ (this.content.querySelector("button, input, select, [tabindex]"))?.focus({
      preventScroll: true,
    });
    this.dispatchEvent(new Event("drawer"));
  }

  close() {
    if (!this.isOpen) return;
    this.element.removeAttribute("data-open");
    this.dispatchEvent(new Event("drawer"));
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }
}
