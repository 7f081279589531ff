// @ts-check
/** The page /specimens: every widget in every state, with numbers of a real model. For those who build and look. */
import { element } from "../parts/element.js";
import { setTheme } from "../parts/theme.js";
import { Segmented } from "../widgets/segmented.js";
import { showColours } from "./colours.js";
import { showControls } from "./controls.js";
import { showFloating } from "./floating.js";
import { showLibrary } from "./library.js";
import { showMap } from "./map.js";
import { showPictures } from "./pictures.js";
import { showSliders } from "./sliders.js";
import { showTogether } from "./together.js";
import { showTraining } from "./training.js";
import { loadData } from "./data.js";

/** @type {[string, (section: HTMLElement, data: import("./data.js").Data) => void][]} */
const SECTIONS = [
  ["Together", showTogether],
  ["Colours and type", showColours],
  ["Controls", showControls],
  ["Sliders", showSliders],
  ["Sound pictures and lanes", showPictures],
  ["Map", showMap],
  ["Training", showTraining],
  ["Library", showLibrary],
  ["Dialogs, menus, messages", showFloating],
];

const asked = new URLSearchParams(location.search);
setTheme(/** @type {any} */ (asked.get("theme") ?? "system"));
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const index = /** @type {HTMLElement} */ (document.querySelector("nav"));
const theme = new Segmented({
  name: "Theme",
  value: asked.get("theme") ?? "system",
  onCommit: (value) => setTheme(/** @type {any} */ (value)),
  choices: [
    { value: "system", text: "System" },
    { value: "dark", text: "Dark" },
    { value: "light", text: "Light" },
  ],
});
index.append(element("h1", { text: "Specimens" }), theme.element);

const data = await loadData();
for (const [name, show] of SECTIONS) {
  const id = name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  const section = element("section", { class: "specimens__section", id, "aria-label": name });
  if (name !== "Together") section.append(element("h2", { class: "specimens__title", text: name }));
  index.append(element("a", { class: "specimens__link", href: `#${id}`, text: name }));
  main.append(section);
  show(section, data);
}
document.documentElement.dataset.ready = "";
