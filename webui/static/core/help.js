// @ts-check
/** Help: every key and what it does, and where more is told. */
import { element } from "../parts/element.js";
import { Dialog } from "../widgets/dialog.js";
import { listShortcuts, showKeys } from "./keys.js";

/** Show all keys, those that count now first. */
export function showHelp() {
  const groups = [...listShortcuts()].map(([group, shortcuts]) => {
    const seen = new Set();
    const shown = shortcuts.filter((one) => !one.hidden && !seen.has(one.keys) && seen.add(one.keys));
    const rows = shown.map((one) => [
      element("dt", {}, ...showKeys(one.keys).split(/\+(?=.)/).map((key) => element("kbd", { text: key }))),
      element("dd", { text: one.words }),
    ]);
    return element("section", { class: "help__group" }, element("h3", { text: group }), element("dl", { class: "help__keys" }, ...rows.flat()));
  });
  const words = element("p", {
    class: "help__words",
    text: "Every slider was measured in this model: the line in its track shows how far it goes. Double-click a slider to put it back, hold Shift to move it finely.",
  });
  const dialog = new Dialog({ title: "Help", body: [words, element("div", { class: "help__groups" }, ...groups)], onClose: () => dialog.destroy() });
  dialog.open();
}
