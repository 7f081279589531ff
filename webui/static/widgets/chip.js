// @ts-check
/** A short note or a tag. A note tells the whole in its tooltip; a tag can be taken away. */
import { button } from "../parts/button.js";
import { element } from "../parts/element.js";
import { icon } from "../parts/icon.js";
import { tip } from "../parts/tip.js";

/**
 * @param {object} options
 * @param {string} options.text
 * @param {string} [options.tip] in full sentences; it makes the chip reachable by Tab
 * @param {"plain"|"good"|"warn"|"bad"} [options.kind] warn and bad also carry a mark
 * @param {string} [options.group] of sliders, whose hue it takes
 * @param {string} [options.icon]
 * @param {() => void} [options.onRemove]
 * @returns {HTMLElement}
 */
export function chip({ text, tip: words, kind = "plain", group, icon: symbol, onRemove }) {
  const marks = { plain: "", good: "check", warn: "warn", bad: "warn" };
  const mark = symbol ?? marks[kind];
  const node = element(
    "span",
    { class: `chip chip--${kind}`, data: { group }, tabindex: words ? 0 : null, role: words ? "note" : null },
    mark && icon(mark),
    element("span", { class: "chip__text", text }),
  );
  if (words) tip(node, words);
  if (onRemove) {
    const away = button({ label: `Remove ${text}`, kind: "icon", icon: "close", onPress: onRemove });
    away.classList.add("chip__away");
    node.append(away);
  }
  return node;
}
