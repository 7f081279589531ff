// @ts-check
/** The widgets side by side, as the place Play may have them: for rhythm and alignment, not for use. */
import { showSigned } from "../logic/numbers.js";
import { TimeView } from "../logic/time-axis.js";
import { button } from "../parts/button.js";
import { element } from "../parts/element.js";
import { icon } from "../parts/icon.js";
import { Checkbox } from "../widgets/checkbox.js";
import { Lane } from "../widgets/lane.js";
import { MapView } from "../widgets/map-view.js";
import { NavBar } from "../widgets/nav-bar.js";
import { NumberField } from "../widgets/number-field.js";
import { Segmented } from "../widgets/segmented.js";
import { ShareSlider } from "../widgets/share-slider.js";
import { SliderRow } from "../widgets/slider-row.js";
import { SoundPicture } from "../widgets/sound-picture.js";
import { TextField } from "../widgets/text-field.js";
import { feed, slider, SPACE } from "./data.js";

const nothing = () => {};
const STAND = { brightness: 4.4, warmth: -2, roughness: 0, tension: 3, attack: -5, motion: 1.5, texture: 0 };
const CURVE = /** @type {[number, number][]} */ ([
  [0, -3],
  [3.1, -3],
  [5.5, 6],
  [8.2, 4.4],
  [10, 1],
]);

/** @param {HTMLElement} section @param {import("./data.js").Data} data */
export function showTogether(section, data) {
  const bar = new NavBar({
    places: ["Collect", "Train", "Play", "Library"].map((name) => ({ name, href: "#together" })),
    onUndo: nothing,
    onRedo: nothing,
    onTheme: nothing,
    onHelp: nothing,
  });
  bar.setPlace("Play");
  bar.setModel({ name: "sax", words: "32 recordings · 2 min 40 s" });
  bar.setJob({ name: "birds", share: 0.64, left: "1:05 left", href: "#training" });
  bar.setHistory(true, false);
  section.append(element("div", { class: "together" }, bar.element, bank(data), middle(data), side(data), transport()));
}

/** @param {import("./data.js").Data} data */
function bank(data) {
  const rows = (/** @type {string} */ group, /** @type {any[]} */ sliders) =>
    [
      element("h3", { text: group, "data-group": group }),
      ...sliders.map(
        (one) =>
          new SliderRow({
            slider: one,
            value:
              one.name === "brightness"
                ? CURVE
                : (STAND[/** @type {keyof typeof STAND} */ (one.name)] ?? (one.name === "width" ? 6 : 2)),
            laneOpen: one.name === "brightness",
            locked: one.name === "warmth",
            onLock: nothing,
            onLane: nothing,
          }),
      ),
    ].flatMap((one) => {
      if (one instanceof SliderRow) one.setPlayhead(3.7);
      return one instanceof SliderRow ? one.element : one;
    });
  const of = (/** @type {string} */ group) =>
    data.sliders.filter((one) => one.group === group && one.state !== "discovered");
  const off = slider(data, "texture", { state: "off", reason: "all recordings are equally noisy" });
  return element(
    "div",
    { class: "panel together__bank" },
    element(
      "div",
      { class: "panel__head" },
      element("h2", { text: "Sliders" }),
      element("span", { class: "small", text: "6 of 7 certified" }),
    ),
    element(
      "div",
      { class: "together__rows" },
      ...rows("timbre", of("timbre")),
      ...rows("harmony", of("harmony")),
      ...rows("time", of("time")),
      ...rows("space", SPACE),
      element("h3", { text: "off", "data-group": "discovered" }),
      new SliderRow({ slider: off }).element,
    ),
    element(
      "div",
      { class: "together__foot line" },
      button({ label: "Reset all" }),
      button({ label: "Random", key: "R" }),
      button({ label: "Variations" }),
    ),
  );
}

/** @param {import("./data.js").Data} data */
function middle(data) {
  const map = new MapView({ map: data.map, descriptors: data.descriptors, colour: "brightness" });
  map.setPath([
    [-0.62, 0.5],
    [-0.12, 0.08],
    [0.32, 0.26],
    [0.7, -0.3],
  ]);
  const time = new TimeView(10);
  const picture = new SoundPicture({ name: "output 41", time, onSeek: (seconds) => picture.setPlayhead(seconds) });
  feed(picture, data);
  const lane = new Lane({
    name: "brightness",
    group: "timbre",
    ends: ["dark", "bright"],
    low: -10,
    high: 10,
    origin: 0,
    time,
    curve: CURVE,
    write: showSigned,
    onClose: nothing,
  });
  picture.setPlayhead(3.7);
  lane.setPlayhead(3.7);
  const nearest = element(
    "div",
    { class: "together__nearest" },
    button({ label: "Play the nearest recording", kind: "icon", icon: "play" }),
    element("span", { class: "quiet" }, "closest to ", element("strong", { text: "d3_f_rr1_cnd" }), " at 0.90 s"),
    element("span", { class: "small", text: "·" }),
    element("span", { class: "quiet" }, "new ", element("strong", { text: "0.76" })),
    element("span", { class: "small", text: "·" }),
    element("span", { class: "quiet", text: "seed 41" }),
  );
  return element(
    "div",
    { class: "together__middle" },
    element(
      "div",
      { class: "panel together__map" },
      element("div", { class: "panel__head" }, element("h2", { text: "Map" }), map.tools),
      map.element,
    ),
    element("div", { class: "panel together__output" }, picture.element, lane.element, nearest),
  );
}

/** @param {import("./data.js").Data} data */
function side(data) {
  const entry = (/** @type {number} */ number, /** @type {number} */ at) => {
    const picture = new SoundPicture({ name: `Output ${number}`, size: "thumbnail" });
    feed(picture, data, (at * 1.3) % 7, ((at * 1.3) % 7) + 3);
    const mark = { 0: "starred", 5: "starred" }[at];
    const play = button({ label: `Play output ${number}`, kind: "icon", icon: "play" });
    play.classList.add("button--small");
    return element(
      "li",
      { class: "together__entry", "aria-current": at === 0 ? "true" : null },
      play,
      picture.element,
      element(
        "span",
        {},
        element("strong", { text: String(number) }),
        element("span", { class: "small", text: " 10 s" }),
      ),
      mark
        ? icon(mark, "together__star")
        : element("span", { class: "together__mark", text: { 1: "A", 3: "B" }[at] ?? "" }),
    );
  };
  return element(
    "div",
    { class: "together__side" },
    element(
      "div",
      { class: "panel together__history" },
      element("div", { class: "panel__head" }, element("h2", { text: "History" })),
      element(
        "div",
        { class: "together__search" },
        new TextField({ name: "Search history", look: "search", placeholder: "Search" }).element,
      ),
      element(
        "ul",
        { class: "together__list", "aria-label": "History" },
        ...Array.from({ length: 9 }, (_, at) => entry(41 - at, at)),
      ),
    ),
    element(
      "div",
      { class: "panel" },
      element(
        "div",
        { class: "panel__head" },
        element("h2", { text: "A / B" }),
        element("span", { class: "small number", text: "B −1.8 dB" }),
      ),
      element(
        "div",
        { class: "panel__body" },
        new Segmented({
          name: "Side",
          value: "a",
          choices: [
            { value: "a", text: "A 40" },
            { value: "b", text: "B 38" },
          ],
        }).element,
      ),
    ),
    element(
      "div",
      { class: "panel" },
      element(
        "div",
        { class: "panel__head" },
        element("h2", { text: "Blend" }),
        button({ label: "Add a model", kind: "icon", icon: "plus" }),
      ),
      element(
        "div",
        { class: "panel__body" },
        new ShareSlider({ name: "Share of tabla", text: "tabla", value: 0.3, onLane: nothing }).element,
      ),
    ),
  );
}

function transport() {
  const field = (/** @type {any} */ options) => new NumberField(options).element;
  return element(
    "div",
    { class: "together__transport" },
    button({ label: "Play", kind: "round", icon: "play", key: "Space" }),
    element(
      "span",
      { class: "together__clock number" },
      element("strong", { text: "0:03.7" }),
      element("span", { text: " / 0:10.0" }),
    ),
    new Checkbox({ name: "Loop" }).element,
    field({ name: "Duration", value: 10, low: 0.1, high: 36_000, step: 1, digits: 1, unit: "s" }),
    field({ name: "Density", value: 2, low: 0.1, high: 20, step: 0.1, digits: 1, unit: "/s", onLane: nothing }),
    field({ name: "Novelty", value: 0.5, low: 0, high: 1, step: 0.05, onLane: nothing }),
    field({ name: "Source", value: 0.7, low: 0, high: 1, step: 0.05 }),
    field({ name: "Seed", value: 41, low: 0, high: 2 ** 31 - 1, step: 1 }),
    button({ label: "Another seed", kind: "icon", icon: "dice" }),
    element(
      "span",
      { class: "together__make line" },
      button({ label: "Make", kind: "primary", key: "G" }),
      button({ label: "Export…" }),
    ),
  );
}
