// @ts-check
import { element } from "../parts/element.js";
import { icon } from "../parts/icon.js";

const SURFACES = ["surface-0", "surface-1", "surface-2", "surface-3"];
const INKS = ["ink-1", "ink-2", "ink-3", "accent", "good", "warn", "bad"];
const HUES = ["timbre", "harmony", "time", "texture", "space", "discovered"];
const ICONS = [
  "play",
  "pause",
  "stop",
  "loop",
  "dice",
  "reset",
  "lock",
  "unlock",
  "star",
  "starred",
  "trash",
  "restore",
  "undo",
  "redo",
  "export",
  "upload",
  "folder",
  "plus",
  "minus",
  "close",
  "chevron-down",
  "chevron-up",
  "chevron-left",
  "chevron-right",
  "lane",
  "help",
  "theme",
  "search",
  "grip",
  "info",
  "warn",
  "check",
  "weak",
  "off",
  "headphones",
  "pin",
  "path",
  "ab",
  "more",
  "edit",
  "list",
  "map",
  "fit",
  "tree",
];

/** @param {HTMLElement} section */
export function showColours(section) {
  const swatch = (/** @type {string} */ name) => {
    const node = element(
      "div",
      { class: "specimens__swatch" },
      ...INKS.slice(0, name === "surface-3" ? 2 : 3).map((ink) => {
        const word = element("span", { text: ink });
        word.style.color = `var(--${ink})`;
        return word;
      }),
      element("span", { text: name }),
    );
    node.style.background = `var(--${name})`;
    return node;
  };
  const hue = (/** @type {string} */ name) => {
    const node = element("span", { class: "specimens__hue" }, element("i"), name);
    node.style.color = `var(--${name})`;
    return node;
  };
  section.append(
    element("div", { class: "specimens__swatches" }, ...SURFACES.map(swatch)),
    element(
      "div",
      { class: "panel specimens__pad stack" },
      element("div", { class: "line specimens__wide" }, ...INKS.slice(3).map(hue)),
      element("div", { class: "line specimens__wide" }, ...HUES.map(hue)),
      element("h1", { text: "Title, 20 px: Ready to learn from" }),
      element("p", { text: "Body, 13 px: 13 recordings, 46.7 s, mono and stereo. One is left out." }),
      element("p", { class: "quiet", text: "Quiet: the model will lean towards the longest recording." }),
      element("p", { class: "small", text: "Label, 11 px: 0123456789 −12.4 dB 2.08 kHz ± × …" }),
    ),
    element(
      "div",
      { class: "panel specimens__pad specimens__icons" },
      ...ICONS.map((name) =>
        element("span", { class: "specimens__icon" }, icon(name), element("span", { class: "small", text: name })),
      ),
    ),
  );
}
