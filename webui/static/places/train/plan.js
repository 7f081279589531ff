// @ts-check
/** The plan for the time that is given, stage by stage, before it begins. */
import { DEVICES, planOf } from "../../logic/training.js";
import { showLength } from "../../logic/time-axis.js";
import { element } from "../../parts/element.js";

export class Plan {
  constructor() {
    this.bar = element(
      "div",
      { class: "plan__bar", "aria-hidden": "true" },
      element("i", { class: "plan__learning" }),
      element("i", { class: "plan__measuring" }),
    );
    this.list = element("ol", { class: "plan__list" });
    this.device = element("p", { class: "small plan__device", hidden: true });
    this.element = element(
      "section",
      { class: "panel plan", "aria-label": "How it goes" },
      element("div", { class: "panel__head" }, element("h2", { text: "How it goes" })),
      this.bar,
      this.list,
      this.device,
    );
  }

  /** Say where it will compute, and why there. @param {{torch_device: string, reason: string}|null} device */
  setDevice(device) {
    this.device.hidden = !device;
    if (device) this.device.textContent = `It computes ${DEVICES[device.torch_device] ?? "here"}: ${device.reason}.`;
  }

  /** @param {number} minutes @param {boolean} measures */
  show(minutes, measures) {
    const { learning, measuring } = planOf(minutes, measures);
    const [first, second] = /** @type {any} */ (this.bar.children);
    first.style.flexGrow = String(learning);
    second.style.flexGrow = String(measuring);
    second.hidden = !measures;
    this.list.replaceChildren(
      row(
        "Reading and learning",
        `about ${rounded(learning)}`,
        "You can hear it after some seconds, and again each half minute.",
      ),
      row("Hearing the set", "part of it", "Each recording is heard once more, and gets its place on the map."),
      measures
        ? row(
            "Measuring sliders",
            `about ${rounded(measuring)}`,
            "Each slider is moved, and its effect on the sound is measured.",
          )
        : row("No measuring", "", "Sliders work, but nothing says how far they go."),
    );
  }
}

/** @param {number} seconds */
const rounded = (seconds) => showLength(seconds < 60 ? Math.round(seconds) : 5 * Math.round(seconds / 5));

/** @param {string} name @param {string} time @param {string} words */
const row = (name, time, words) =>
  element(
    "li",
    { class: "plan__row" },
    element(
      "div",
      { class: "plan__line" },
      element("strong", { text: name }),
      element("span", { class: "small number", text: time }),
    ),
    element("p", { class: "quiet", text: words }),
  );
