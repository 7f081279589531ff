// @ts-check
import { button } from "../parts/button.js";
import { element } from "../parts/element.js";
import { Checkbox } from "../widgets/checkbox.js";
import { chip } from "../widgets/chip.js";
import { NumberField } from "../widgets/number-field.js";
import { Segmented } from "../widgets/segmented.js";
import { Select } from "../widgets/select.js";
import { ShareSlider } from "../widgets/share-slider.js";
import { TextField } from "../widgets/text-field.js";
import { panel } from "./panel.js";

const FORMATS = [
  { value: "wav", text: "WAV" },
  { value: "flac", text: "FLAC" },
  { value: "ogg", text: "OGG Vorbis" },
];

/** @param {HTMLElement} section */
export function showControls(section) {
  section.append(element("div", { class: "specimens__columns" }, buttons(), fields(), choices(), notes()));
}

function buttons() {
  return panel(
    "Buttons",
    element(
      "div",
      { class: "line" },
      button({ label: "Make", kind: "primary", key: "G" }),
      button({ label: "Learn from these", kind: "primary" }),
      button({ label: "Play it", kind: "primary", disabled: true }),
    ),
    element(
      "div",
      { class: "line" },
      button({ label: "Export…", icon: "export" }),
      button({ label: "Random", key: "R", icon: "dice" }),
      button({ label: "Variations" }),
      button({ label: "Reset all", icon: "reset", disabled: true }),
    ),
    element(
      "div",
      { class: "line" },
      button({ label: "More", kind: "plain", icon: "chevron-right" }),
      button({ label: "Delete model", kind: "danger", icon: "trash" }),
      button({ label: "Loop", kind: "icon", icon: "loop", pressed: true }),
      button({ label: "Star", kind: "icon", icon: "star", pressed: false }),
      button({ label: "Undo", kind: "icon", icon: "undo" }),
      button({ label: "Redo", kind: "icon", icon: "redo", disabled: true }),
      button({ label: "Play", kind: "round", icon: "play", key: "Space" }),
    ),
  );
}

function fields() {
  const rate = new NumberField({
    name: "Minutes",
    value: 3,
    low: 0.1,
    high: 1440,
    step: 1,
    digits: 1,
    unit: "min",
    framed: true,
  });
  const density = new NumberField({
    name: "Density",
    value: 2,
    low: 0.1,
    high: 20,
    step: 0.1,
    digits: 1,
    unit: "/s",
    onLane: () => {},
  });
  const follows = new NumberField({ name: "Novelty", value: 0.63, low: 0, high: 1, step: 0.05, onLane: () => {} });
  follows.setFollows(true);
  follows.setLaneOpen(true);
  const seed = new NumberField({ name: "Seed", value: 41, low: 0, high: 2 ** 31 - 1, step: 1 });
  const off = new NumberField({ name: "Source", value: 0.7, low: 0, high: 1, step: 0.05 });
  off.setDisabled(true);
  const wrong = new TextField({ name: "Name", value: "sax" });
  wrong.setProblem("There is a model of this name. Choose another one.");
  return panel(
    "Numbers and text",
    element("div", { class: "line" }, density.element, follows.element, seed.element, off.element),
    element(
      "div",
      { class: "specimens__form" },
      wrong.element,
      rate.element,
      new TextField({ name: "Artist", placeholder: "Your name", hint: "Written into each file." }).element,
      new TextField({ name: "Search", look: "search", placeholder: "Search models" }).element,
    ),
  );
}

function choices() {
  return panel(
    "Choices",
    new Segmented({
      name: "Time",
      value: "3",
      choices: ["1", "3", "10", "30"].map((value) => ({
        value,
        text: value,
        label: `${value} minute${value === "1" ? "" : "s"}`,
      })),
    }).element,
    element(
      "div",
      { class: "line" },
      new Segmented({
        name: "Side",
        value: "a",
        choices: [
          { value: "a", text: "A 40" },
          { value: "b", text: "B 38" },
        ],
      }).element,
      new Select({
        name: "Model",
        inline: true,
        value: "sax",
        options: [
          { value: "sax", text: "sax" },
          { value: "birds", text: "birds at the river, second version" },
        ],
      }).element,
    ),
    element(
      "div",
      { class: "specimens__form" },
      new Select({ name: "Format", value: "wav", options: FORMATS }).element,
      new Select({ name: "Bit depth", value: "24", options: [{ value: "24", text: "24 bit" }] }).element,
    ),
    element(
      "div",
      { class: "line specimens__wide" },
      new Checkbox({ name: "Loop", checked: true }).element,
      new Checkbox({ name: "Normalise" }).element,
      new Checkbox({ name: "Dither", checked: true, disabled: true }).element,
      new Checkbox({ name: "Binaural", look: "switch", checked: true }).element,
      new Checkbox({ name: "Blind", look: "switch" }).element,
    ),
  );
}

function notes() {
  return panel(
    "Notes, tags, shares",
    element(
      "div",
      { class: "line" },
      chip({ text: "mono", tip: "This recording is mono. It is put in the middle of the stereo field." }),
      chip({
        text: "dull above 6 kHz?",
        kind: "warn",
        tip: "There is nothing above 6 kHz. That is normal for an amplified guitar.",
      }),
      chip({ text: "clipped", kind: "bad", tip: "312 samples are at full scale. Record it again, or leave it out." }),
      chip({ text: "kept", kind: "good" }),
      chip({ text: "brightness", group: "timbre" }),
      chip({ text: "tension", group: "harmony" }),
      chip({ text: "motion", group: "time" }),
      chip({ text: "field", onRemove: () => {} }),
    ),
    new ShareSlider({ name: "Share of tabla", text: "tabla", value: 0.4, onLane: () => {} }).element,
    new ShareSlider({
      name: "From A to B",
      value: 0.5,
      origin: 0.5,
      write: (share) => (share === 0.5 ? "both" : share < 0.5 ? "A" : "B"),
    }).element,
  );
}
