// @ts-check
/** Settings of a training that few people need, folded away: limits and words are the program's. */
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { icon, setIcon } from "../../parts/icon.js";
import { tip } from "../../parts/tip.js";
import { Checkbox } from "../../widgets/checkbox.js";
import { NumberField } from "../../widgets/number-field.js";
import { Select } from "../../widgets/select.js";
import { TextField } from "../../widgets/text-field.js";

const CHANNELS = /** @type {Record<string, string>} */ ({
  auto: "Automatic",
  mono: "Mixed to mono",
  left: "Left only",
  right: "Right only",
  ambix: "Ambisonics (AmbiX)",
});
const DEVICES = /** @type {Record<string, string>} */ ({
  auto: "Automatic",
  cuda: "NVIDIA graphics card",
  mps: "Apple graphics processor",
  cpu: "Processor",
});

export class More {
  /**
   * @param {Record<string, Record<string, any>>} guides settings by name, as `/api/settings` has them
   * @param {() => void} onChange
   */
  constructor(guides, onChange) {
    this.guides = guides;
    const { hold_out: holdOut, seed, device, measure, cap, channels_in: channels } = guides;
    const number = (/** @type {string} */ name, /** @type {any} */ guide, /** @type {any} */ more = {}) =>
      new NumberField({
        name,
        value: guide.default,
        low: guide.minimum ?? 0,
        high: guide.maximum ?? Infinity,
        step: 1,
        framed: true,
        tip: guide.description,
        ...more,
      });
    this.holdOut = number("Hold out every nth file", holdOut);
    this.seed = number("Seed", seed);
    this.cap = number(
      "Fed back at most",
      { ...cap, default: 100 * cap.default, minimum: 100 * cap.minimum, maximum: 100 * cap.maximum },
      { unit: "%" },
    );
    this.channels = choose("Channels in", channels, CHANNELS);
    this.device = choose("Device", device, DEVICES);
    this.measure = new Checkbox({
      name: "Measure the sliders afterwards",
      checked: measure.default,
      onCommit: onChange,
    });
    tip(this.measure.element, measure.description);
    this.licence = new TextField({
      name: "Licence note",
      rows: 2,
      placeholder: "Whose recordings these are, and what may be done with them",
      hint: "It goes with the model and with every sound it makes.",
    });
    this.body = element(
      "div",
      { class: "more__body", hidden: true },
      this.holdOut.element,
      this.seed.element,
      this.channels.element,
      this.device.element,
      this.cap.element,
      this.measure.element,
      this.licence.element,
    );
    this.toggle = button({
      label: "More",
      kind: "plain",
      icon: "chevron-right",
      onPress: () => this.open(this.body.hidden === true),
    });
    this.toggle.setAttribute("aria-expanded", "false");
    this.element = element("div", { class: "more" }, this.toggle, this.body);
  }

  /** @param {boolean} open */
  open(open) {
    this.body.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    setIcon(
      /** @type {any} */ (this.toggle.querySelector("svg")) ?? icon("chevron-right"),
      open ? "chevron-down" : "chevron-right",
    );
  }

  /**
   * A licence belongs to a model that begins anew, a limit to outputs that are fed back.
   * @param {import("./asking.js").Kind} kind
   */
  setKind(kind) {
    this.licence.element.hidden = kind !== "set";
    this.cap.element.hidden = kind !== "feedback";
    this.channels.element.hidden = kind === "feedback";
  }

  /** Those that are not as usual. @returns {Record<string, any>} */
  get settings() {
    const all = {
      hold_out: Math.round(this.holdOut.spin.value),
      seed: Math.round(this.seed.spin.value),
      device: this.device.value,
      ...(this.channels.element.hidden ? {} : { channels_in: this.channels.value }),
      measure: this.measure.checked,
      ...(this.cap.element.hidden ? {} : { cap: this.cap.spin.value / 100 }),
    };
    return Object.fromEntries(Object.entries(all).filter(([name, value]) => value !== this.guides[name].default));
  }
}

/** @param {string} name @param {any} guide of the setting @param {Record<string, string>} words of its choices */
function choose(name, guide, words) {
  const options = guide.choices.map((/** @type {string} */ value) => ({ value, text: words[value] ?? value }));
  const select = new Select({ name, value: guide.default, options });
  tip(select.element, guide.description);
  return select;
}
