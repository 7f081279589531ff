// @ts-check
/**
 * A model's certificate at a glance: one mark for each slider in the hue of its group. A full dot is certified, a half
 * one weak, a stroke off, a small ring not measured: the shape says it, not the colour alone.
 */
import { STATES } from "../logic/certificate.js";
import { drawing, element } from "../parts/element.js";
import { tip } from "../parts/tip.js";

const STEP = 11; // pixels from mark to mark

/** @typedef {{name: string, state: string, group: string}} Mark */

/** @param {Mark[]} sliders @returns {HTMLElement} */
export function certificateGlyph(sliders) {
  const said = tell(sliders);
  const width = Math.max(1, sliders.length) * STEP;
  const node = element(
    "span",
    { class: "certificate-glyph", role: "img", "aria-label": said.join(" ") },
    drawing(
      "svg",
      { width, height: STEP, viewBox: `0 0 ${width} ${STEP}`, "aria-hidden": "true" },
      ...sliders.map(mark),
    ),
  );
  tip(node, () => said);
  return node;
}

/** @param {Mark} slider @param {number} at */
function mark({ state, group }, at) {
  const [x, y] = [at * STEP + STEP / 2, STEP / 2];
  const shapes = {
    certified: () => drawing("circle", { class: "certificate-glyph__full", cx: x, cy: y, r: 4 }),
    weak: () => [
      drawing("circle", { class: "certificate-glyph__ring", cx: x, cy: y, r: 3.4 }),
      drawing("path", { class: "certificate-glyph__full", d: `M${x - 3.4} ${y}a3.4 3.4 0 0 0 6.8 0Z` }),
    ],
    off: () => drawing("path", { class: "certificate-glyph__stroke", d: `M${x - 3} ${y}h6` }),
    unmeasured: () => drawing("circle", { class: "certificate-glyph__ring", cx: x, cy: y, r: 2 }),
  };
  const made = (shapes[/** @type {keyof typeof shapes} */ (state)] ?? shapes.unmeasured)();
  return drawing("g", { "data-group": group }, ...(Array.isArray(made) ? made : [made]));
}

/** @param {Mark[]} sliders @returns {string[]} a sentence for each state */
function tell(sliders) {
  return ["certified", "weak", "off", "unmeasured"].flatMap((state) => {
    const names = sliders.filter((one) => one.state === state).map((one) => one.name);
    const { word } = STATES[/** @type {keyof typeof STATES} */ (state)];
    return names.length ? [`${word[0].toUpperCase()}${word.slice(1)}: ${names.join(", ")}.`] : [];
  });
}
