// @ts-check
/**
 * Words on what happened: the one live region of the page (role status), and the place for errors (role alert). A
 * message may offer one thing to do, such as Undo.
 */
import { button } from "../parts/button.js";
import { element } from "../parts/element.js";
import { icon } from "../parts/icon.js";

const SHOWN = 5000; // milliseconds; with something to do, twice as long

export class StatusLine {
  #timer = 0;

  constructor() {
    this.status = element("div", { role: "status", class: "status-line__said" });
    this.alert = element("div", { role: "alert", class: "status-line__said" });
    this.element = element("div", { class: "status-line" }, this.alert, this.status);
    this.element.addEventListener("pointerenter", () => clearTimeout(this.#timer));
    this.element.addEventListener("pointerleave", () => this.#fade(SHOWN));
  }

  /**
   * Say what happened; it goes away by itself.
   * @param {string} words @param {{text: string, onPress: () => void}} [action]
   */
  say(words, action) {
    this.status.replaceChildren(this.#message(words, "check", action));
    this.#fade(action ? 2 * SHOWN : SHOWN);
  }

  /**
   * Say what went wrong; it stays until it is closed.
   * @param {string} words
   * @param {{text: string, onPress: () => void}} [action]
   */
  fail(words, action) {
    const message = this.#message(words, "warn", action);
    message.append(
      button({ label: "Close message", kind: "icon", icon: "close", onPress: () => this.dismiss() }),
    );
    this.alert.replaceChildren(message);
  }

  /** Take back what went wrong: it was closed, or is so no more. */
  dismiss() {
    this.alert.replaceChildren();
  }

  /** @param {number} after milliseconds */
  #fade(after) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.status.replaceChildren(), after);
  }

  /** @param {string} words @param {string} mark @param {{text: string, onPress: () => void}} [action] */
  #message(words, mark, action) {
    const act =
      action &&
      button({
        label: action.text,
        kind: "plain",
        onPress: () => {
          message.remove();
          action.onPress();
        },
      });
    const message = element(
      "div",
      { class: "status-line__message", data: { mark } },
      icon(mark),
      element("span", { text: words }),
      act,
    );
    return message;
  }
}
