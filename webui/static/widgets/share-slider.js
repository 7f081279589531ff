// @ts-check
/** A slider of a share, 0 to 1: a model's part in a blend, or the way from A to B. One line: name, track, number. */
import { roundTo } from "../logic/numbers.js";
import { setPressed, toggle } from "../parts/button.js";
import { element } from "../parts/element.js";
import { RangeInput } from "../parts/range-input.js";

export class ShareSlider {
  /**
   * @param {object} options
   * @param {string} options.name accessible name: "Share of tabla"
   * @param {string} [options.text] written before the track
   * @param {number} [options.value] @param {number} [options.origin] where a double click leads
   * @param {(value: number) => string} [options.write]
   * @param {(value: number) => void} [options.onInput] @param {(value: number) => void} [options.onCommit]
   * @param {(open: boolean) => void} [options.onLane]
   */
  constructor(options) {
    const { name, text = "", value = 0, origin = 0, write = (share) => share.toFixed(2) } = options;
    this.write = write;
    this.rail = element("div", { class: "share-slider__rail" }, element("div", { class: "share-slider__thumb" }));
    this.range = new RangeInput({
      name,
      low: 0,
      high: 1,
      step: 0.05,
      origin,
      rail: () => this.rail,
      onInput: (share) => {
        this.setValue(share);
        options.onInput?.(share);
      },
      onCommit: (share) => options.onCommit?.(share),
    });
    this.number = element("span", { class: "share-slider__number number" });
    this.lane = toggle({
      label: `Lane of ${name.replace(/^S/, "s")}`,
      icon: "lane",
      hidden: !options.onLane,
      onToggle: (open) => options.onLane?.(open),
    });
    this.element = element(
      "div",
      { class: "share-slider" },
      text && element("span", { class: "share-slider__text ellipsis", text }),
      element("div", { class: "share-slider__track" }, this.rail, this.range.element),
      this.number,
      this.lane,
    );
    this.setValue(value);
  }

  /** @param {number} value */
  setValue(value) {
    this.range.set(value, this.write(value));
    this.rail.style.setProperty("--at", String(roundTo(value, 0.001)));
    this.number.textContent = this.write(value);
  }

  /** @param {boolean} open */
  setLaneOpen(open) {
    setPressed(this.lane, open);
  }

  /** @param {boolean} follows whether the share follows a lane; its value is then where the curve is */
  setFollows(follows) {
    this.element.toggleAttribute("data-follows", follows);
  }
}
