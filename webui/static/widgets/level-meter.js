// @ts-check
/** How loud it is now: a bar for each channel from −60 to 0 dB, with the highest level of the last second held. */
import { clamp } from "../logic/numbers.js";
import { element } from "../parts/element.js";

const LOWEST_DB = -60;
const HELD = 1000; // milliseconds
const FALL_DB = 24; // in a second, once it is no longer held

const share = (/** @type {number} */ db) => clamp(1 - db / LOWEST_DB, 0, 1);

export class LevelMeter {
  /** @type {{db: number, at: number}[]} */ #held = [];

  /** @param {{name?: string, channels?: number}} [options] */
  constructor({ name = "Level", channels = 2 } = {}) {
    this.bars = Array.from({ length: channels }, () => {
      const [level, peak] = [
        element("i", { class: "level-meter__level" }),
        element("i", { class: "level-meter__peak" }),
      ];
      return { level, peak, node: element("div", { class: "level-meter__bar" }, level, peak) };
    });
    this.element = element(
      "div",
      { class: "level-meter", role: "meter", "aria-label": name, "aria-valuemin": LOWEST_DB, "aria-valuemax": 0 },
      ...this.bars.map(({ node }) => node),
    );
    this.set([]);
  }

  /**
   * @param {number[]} levels of each channel in decibels of full scale; none is silence
   * @param {number} [now] milliseconds
   */
  set(levels, now = performance.now()) {
    this.bars.forEach(({ level, peak, node }, channel) => {
      const db = Math.max(LOWEST_DB, levels[channel] ?? LOWEST_DB);
      const old = this.#held[channel] ?? { db: LOWEST_DB, at: now };
      const fallen = old.db - (Math.max(0, now - old.at - HELD) / 1000) * FALL_DB;
      if (db >= fallen) this.#held[channel] = { db, at: now };
      const held = Math.max(db, fallen);
      level.style.clipPath = `inset(0 ${100 - 100 * share(db)}% 0 0)`;
      peak.style.left = `${100 * share(held)}%`;
      peak.style.opacity = held > LOWEST_DB ? "1" : "0";
      node.toggleAttribute("data-over", held >= -0.1);
    });
    const loudest = Math.max(LOWEST_DB, ...levels);
    this.element.setAttribute("aria-valuenow", String(Math.round(loudest)));
    this.element.setAttribute("aria-valuetext", loudest <= LOWEST_DB ? "silent" : `${Math.round(loudest)} dB`);
  }
}
