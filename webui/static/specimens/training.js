// @ts-check
import { showMeasured } from "../logic/certificate.js";
import { button } from "../parts/button.js";
import { element } from "../parts/element.js";
import { icon } from "../parts/icon.js";
import { LossCurve } from "../widgets/loss-curve.js";
import { Progress } from "../widgets/progress.js";
import { panel } from "./panel.js";

const STAGES = [
  { at: 0, text: "reading" },
  { at: 0.05, text: "learning" },
  { at: 0.78, text: "hearing the set" },
  { at: 0.84, text: "measuring sliders" },
];

/** @param {HTMLElement} section @param {import("./data.js").Data} data */
export function showTraining(section, data) {
  const progress = new Progress({ name: "Training", share: 0.58, stages: STAGES });
  progress.set(0.58, "1:12 left");
  const points = Array.from({ length: 105 }, (_, at) => {
    const seconds = at;
    const fall = 0.29 + 0.62 * Math.exp(-seconds / 26);
    return {
      seconds,
      loss: fall - 0.01 + 0.016 * Math.sin(at * 2.7) * Math.cos(at * 1.3),
      validation: at % 5 ? null : fall + 0.02,
    };
  });
  const curve = new LossCurve({ seconds: 180, points });
  section.append(
    element(
      "div",
      { class: "specimens__split" },
      element(
        "div",
        { class: "panel specimens__pad stack specimens__stack" },
        element(
          "div",
          { class: "specimens__ends" },
          element(
            "div",
            {},
            element("h1", { text: "Learning sax" }),
            element("p", {
              class: "quiet",
              text: "Step 612 · listening to each recording about 40 times · on the processor, 2 cores",
            }),
          ),
          element(
            "div",
            { class: "specimens__right" },
            element("h1", { class: "number", text: "1:12" }),
            element("p", { class: "quiet", text: "left of 3 minutes" }),
          ),
        ),
        progress.element,
        curve.element,
        element(
          "div",
          { class: "line" },
          button({ label: "Stop and keep" }),
          button({ label: "Two minutes more" }),
          element("span", { class: "quiet", text: "You can leave this page. Nothing is lost if the program ends." }),
        ),
      ),
      panel(
        "Sliders, as they are measured",
        element("ul", {}, ...data.sliders.slice(0, 7).map((one, at) => measured(one, at))),
        new Progress({ name: "Reading", thin: true }).element,
      ),
    ),
  );
}

/** @param {import("../logic/certificate.js").Slider} one @param {number} at */
function measured(one, at) {
  const [low, , high] = one.range ?? [];
  const said =
    at < 4 ? `${showMeasured(low, one.unit)} to ${showMeasured(high, one.unit)}` : at === 4 ? "weak" : "waiting";
  return element(
    "li",
    { class: "specimens__measured", data: { group: one.group } },
    element("span", { text: one.name }),
    element(
      "span",
      { class: at < 5 ? "specimens__said number" : "specimens__said small" },
      at < 5 && icon(at === 4 ? "weak" : "check"),
      said,
    ),
  );
}
