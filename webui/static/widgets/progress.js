// @ts-check
/** How far something is: a share, or a wandering light where nobody knows; stages may be named below it. */
import { element } from "../parts/element.js";

export class Progress {
  /**
   * @param {{name: string, share?: number|null, stages?: {at: number, text: string}[], thin?: boolean}} options
   *     `share` null: unknown; `stages` with the share at which each begins
   */
  constructor({ name, share = null, stages = [], thin = false }) {
    this.fill = element("div", { class: "progress__fill" });
    this.bar = element(
      "div",
      { class: "progress__bar", role: "progressbar", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": 100 },
      this.fill,
    );
    this.marks = stages.map(({ at, text }, place) => {
      return { at, until: stages[place + 1]?.at ?? 1, mark: element("span", { class: "progress__stage", text }) };
    });
    this.element = element(
      "div",
      { class: `progress ${thin ? "progress--thin" : ""}` },
      this.bar,
      stages.length > 0 &&
        element("div", { class: "progress__stages", "aria-hidden": "true" }, ...this.marks.map(({ mark }) => mark)),
    );
    this.set(share);
  }

  /**
   * @param {number|null} share 0 to 1; null where nobody knows
   * @param {string} [said] for a screen reader: "1:05 left"
   */
  set(share, said) {
    this.bar.toggleAttribute("data-unknown", share === null);
    if (share === null) this.bar.removeAttribute("aria-valuenow");
    else this.bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    if (said) this.bar.setAttribute("aria-valuetext", said);
    this.fill.style.width = share === null ? "" : `${Math.min(100, Math.max(0, share * 100))}%`;
    for (const { at, until, mark } of this.marks)
      mark.toggleAttribute("data-now", share !== null && share >= at && share < until);
  }
}
