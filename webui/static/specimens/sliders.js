// @ts-check
import { element } from "../parts/element.js";
import { SliderRow } from "../widgets/slider-row.js";
import { slider, SPACE } from "./data.js";
import { panel } from "./panel.js";

const CALLS = { onLock: () => {}, onLane: () => {} };

/** @param {HTMLElement} section @param {import("./data.js").Data} data */
export function showSliders(section, data) {
  const row = (/** @type {any} */ options) => new SliderRow({ ...CALLS, ...options }).element;
  const moving = new SliderRow({
    ...CALLS,
    slider: slider(data, "brightness"),
    value: [
      [0, -4],
      [5, 8],
      [10, 0],
    ],
    laneOpen: true,
  });
  moving.setPlayhead(3.4);
  section.append(
    element(
      "div",
      { class: "specimens__columns" },
      panel(
        "Certified, at different places",
        row({ slider: slider(data, "brightness"), value: 4.4 }),
        row({ slider: slider(data, "warmth"), value: -6.5 }),
        row({ slider: slider(data, "roughness"), value: 0 }),
        row({ slider: slider(data, "tension"), value: 10 }),
        row({ slider: slider(data, "attack"), value: -10 }),
      ),
      panel(
        "Locked, following its lane, weak",
        row({ slider: slider(data, "motion"), value: 2, locked: true }),
        moving.element,
        row({ slider: slider(data, "texture", { state: "weak", throw: 0.42, reason: "steadiness 0.74" }), value: 5 }),
        row({
          slider: slider(data, "tension", {
            state: "unmeasured",
            curve: [],
            reason: "no time was left; train longer to measure it",
          }),
          value: 3,
        }),
        row({ slider: slider(data, "discovered 1"), value: -3 }),
      ),
      panel(
        "Space, off",
        row({ slider: SPACE[0], value: 6 }),
        row({ slider: SPACE[1], value: 2 }),
        row({ slider: slider(data, "discovered 2"), value: 0 }),
        row({ slider: slider(data, "tension", { state: "off", reason: "all recordings are equally consonant" }) }),
        row({
          slider: slider(data, "roughness", { state: "off", reason: "the recordings hold no two tones at once" }),
        }),
      ),
    ),
    panel("Wide", row({ slider: slider(data, "brightness"), value: 4.4 })),
  );
}
