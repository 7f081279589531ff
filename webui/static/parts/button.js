// @ts-check
/** A button: primary for the one thing a place is for, quiet for all else, icon where a picture says it. */
import { element } from "./element.js";
import { icon, setIcon } from "./icon.js";
import { tip } from "./tip.js";

/**
 * @typedef {object} ButtonOptions
 * @property {string} label accessible name; an icon button shows it as its tooltip
 * @property {"primary"|"quiet"|"plain"|"icon"|"round"|"danger"} [kind] plain has no ground until it is pointed at
 * @property {string} [icon] name of a symbol
 * @property {string} [key] the key that does the same, shown beside the label
 * @property {boolean} [pressed] makes it a toggle
 * @property {boolean} [disabled]
 * @property {string} [tip] further words, in full sentences
 * @property {(event: MouseEvent) => void} [onPress]
 */

/** @param {ButtonOptions} options @returns {HTMLButtonElement} */
export function button({ label, kind = "quiet", icon: symbol, key, pressed, disabled, tip: words, onPress }) {
  const bare = kind === "icon" || kind === "round";
  const node = element(
    "button",
    {
      type: "button",
      class: `button button--${kind}`,
      disabled,
      "aria-label": bare || key ? label : null,
      "aria-pressed": pressed === undefined ? null : String(pressed),
      "aria-keyshortcuts": key ?? null,
      on: onPress ? { click: onPress } : {},
    },
    symbol && icon(symbol),
    !bare && element("span", { text: label }),
    key && !bare && element("span", { class: "button__key", data: { key }, "aria-hidden": "true" }),
  );
  if (bare || words)
    tip(node, () => [node.getAttribute("aria-label") ?? label, words, bare && key].filter(Boolean).join(" · "));
  return node;
}

/**
 * A small icon button that stays pressed: a lock, a lane.
 * @param {{label: string, icon: string, hidden?: boolean, disabled?: boolean, onToggle: (pressed: boolean) => void}}
 *     options
 */
export function toggle({ label, icon: symbol, hidden = false, disabled = false, onToggle }) {
  const node = button({
    label,
    kind: "icon",
    icon: symbol,
    pressed: false,
    disabled,
    onPress: () => {
      const pressed = node.getAttribute("aria-pressed") !== "true";
      setPressed(node, pressed);
      onToggle(pressed);
    },
  });
  node.classList.add("button--small");
  node.hidden = hidden;
  return node;
}

/** Press or release a toggle. @param {HTMLButtonElement} node @param {boolean} pressed */
export function setPressed(node, pressed) {
  node.setAttribute("aria-pressed", String(pressed));
}

/**
 * Give an icon button another meaning: Play becomes Pause.
 * @param {HTMLButtonElement} node
 * @param {string} label
 * @param {string} symbol
 */
export function setMeaning(node, label, symbol) {
  node.setAttribute("aria-label", label);
  const drawn = node.querySelector("svg");
  if (drawn) setIcon(drawn, symbol);
}
