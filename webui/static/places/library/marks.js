// @ts-check
/**
 * The sliders that a preset moves, as small marks: each rises or falls from the middle as its slider does, in its hue.
 */
import { markWords, presetMarks } from "../../logic/preset-marks.js";
import { drawing, element } from "../../parts/element.js";
import { tip } from "../../parts/tip.js";

const [WIDTH, GAP, HEIGHT] = [14, 3, 30];
const MOST = 8;

/** @param {Record<string, any>} settings @param {{name: string, group: string}[]} bank */
export function marksOfPreset(settings, bank) {
  const all = presetMarks(settings, bank);
  const marks = all.slice(0, MOST);
  const said = all.length ? `${all.map(markWords).join(", ")}.` : "It leaves all sliders where they are.";
  const width = MOST * (WIDTH + GAP);
  const node = element(
    "span",
    { class: "marks", role: "img", "aria-label": said },
    drawing(
      "svg",
      { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" },
      drawing("path", { class: "marks__middle", d: `M0 ${HEIGHT / 2}H${(marks.length || 1) * (WIDTH + GAP) - GAP}` }),
      ...marks.map(draw),
    ),
  );
  tip(node, () => said);
  return node;
}

/** @param {import("../../logic/preset-marks.js").Mark} mark @param {number} at */
function draw({ group, points }, at) {
  const left = at * (WIDTH + GAP);
  const y = (/** @type {number} */ height) => (HEIGHT / 2 - height * (HEIGHT / 2 - 2)).toFixed(1);
  const line = points.map(([share, height]) => `${(left + share * WIDTH).toFixed(1)} ${y(height)}`);
  const first = (left + points[0][0] * WIDTH).toFixed(1);
  const last = (left + points[points.length - 1][0] * WIDTH).toFixed(1);
  return drawing(
    "g",
    { "data-group": group },
    drawing("path", { class: "marks__area", d: `M${first} ${HEIGHT / 2}L${line.join("L")}L${last} ${HEIGHT / 2}Z` }),
    drawing("path", { class: "marks__line", d: `M${line.join("L")}` }),
  );
}
