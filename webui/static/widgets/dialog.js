// @ts-check
/** A dialog in the middle, or a sheet at the right edge: the native dialog, which keeps the focus inside. */
import { button } from "../parts/button.js";
import { element, freshId } from "../parts/element.js";

export class Dialog {
  /**
   * @param {object} options
   * @param {string} options.title also its accessible name
   * @param {Node[]} options.body
   * @param {Node[]} [options.actions] at its foot, the primary one last
   * @param {"middle"|"sheet"} [options.look]
   * @param {() => void} [options.onClose] after Escape, its close button, a press beside it, or `close`
   */
  constructor({ title, body, actions = [], look = "middle", onClose }) {
    const id = freshId("dialog");
    this.heading = element("h2", { id, class: "dialog__title", text: title });
    const away = button({ label: "Close", kind: "icon", icon: "close", onPress: () => this.close() });
    this.body = element("div", { class: "dialog__body" }, ...body);
    this.foot = element("footer", { class: "dialog__foot", hidden: !actions.length }, ...actions);
    this.element = element(
      "dialog",
      {
        class: `dialog dialog--${look}`,
        "aria-labelledby": id,
        on: {
          close: () => onClose?.(),
          pointerdown: (event) => event.target === this.element && this.close(),
        },
      },
      element(
        "div",
        { class: "dialog__frame" },
        element("header", { class: "dialog__head" }, this.heading, away),
        this.body,
        this.foot,
      ),
    );
  }

  get isOpen() {
    return this.element.open;
  }

  open() {
    if (!this.element.isConnected) document.body.append(this.element);
    if (!this.element.open) this.element.showModal();
  }

  close() {
    this.element.close();
  }

  destroy() {
    this.element.remove();
  }
}
