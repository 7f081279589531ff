// @ts-check
/**
 * A slider's certificate: where it stands in its own unit, and the words for it. Pure.
 *
 * A slider's positions are calibrated when its model is measured: the measured curve is made to rise, and inverted, so
 * that equal steps sound equal. `drives` holds what the engine is asked at each of POSITIONS.
 */
import { clamp, mix, readNumber, show, showSigned } from "./numbers.js";

export const LIMIT = 10;
export const POSITIONS = [-10, -5, 0, 5, 10];

/**
 * @typedef {object} Slider as `/api/models/ID/sliders` has it; `state` may also be "plain" for one without certificate
 * @property {string} name
 * @property {"certified"|"weak"|"off"|"unmeasured"|"discovered"|"plain"} state
 * @property {string} [group] timbre, harmony, time, texture, space or discovered
 * @property {string} [reason]
 * @property {string} [low] the sound at −10, one word
 * @property {string} [high]
 * @property {string} [unit] of `curve`
 * @property {number[]|null} [range] measured at −10, 0 and +10
 * @property {number[]} [curve] measured at POSITIONS before calibration
 * @property {number[]} [drives]
 * @property {number|null} [steadiness]
 * @property {number|null} [throw]
 * @property {string[]} [also] side effects in words
 * @property {number} [seeds] how many sounds were measured at each end
 * @property {number|null} [spread] standard error of `throw`
 * @property {number|null} [kept] share of sounds of clear pitch that keep it
 * @property {string} [not_kept] why that is not known
 * @property {string} [measured_on] the version whose figures these are, where it is not this one
 */

/** The mark and the word of each state. The mark is the name of an icon. */
export const STATES = {
  certified: { mark: "check", word: "certified" },
  weak: { mark: "weak", word: "weak" },
  off: { mark: "off", word: "off" },
  unmeasured: { mark: "", word: "not measured" },
  discovered: { mark: "", word: "discovered" },
  plain: { mark: "", word: "" },
};

/**
 * The rising curve nearest to some numbers: neighbours that fall are replaced by their mean.
 * @param {number[]} values
 */
export function rising(values) {
  /** @type {{mean: number, count: number}[]} */
  const blocks = [];
  for (const value of values) {
    blocks.push({ mean: value, count: 1 });
    while (blocks.length > 1 && blocks[blocks.length - 2].mean > blocks[blocks.length - 1].mean) {
      const [one, other] = blocks.splice(-2);
      const count = one.count + other.count;
      blocks.push({ mean: (one.mean * one.count + other.mean * other.count) / count, count });
    }
  }
  return blocks.flatMap(({ mean, count }) => Array(count).fill(mean));
}

/** Straight lines between points, flat outside. @param {number} at @param {number[]} xs rising @param {number[]} ys */
export function interpolate(at, xs, ys) {
  const next = xs.findIndex((x) => x >= at);
  if (next === 0) return ys[0];
  if (next < 0) return ys[ys.length - 1];
  const share = (at - xs[next - 1]) / (xs[next] - xs[next - 1] || 1);
  return mix(ys[next - 1], ys[next], share);
}

/** @param {Slider} slider */
export const isMeasured = (slider) => (slider.curve?.length ?? 0) === POSITIONS.length;

/**
 * The measured number at a position; null where nothing was measured.
 * @param {Slider} slider @param {number} position
 * @returns {number|null}
 */
export function measuredAt(slider, position) {
  if (!isMeasured(slider)) return null;
  const drive = interpolate(position, POSITIONS, slider.drives ?? POSITIONS);
  return interpolate(drive, POSITIONS, rising(slider.curve ?? []));
}

/**
 * The position at which a slider has a measured number, found by halving; the nearest end beyond its range.
 * @param {Slider} slider @param {number} value
 * @returns {number|null}
 */
export function positionFor(slider, value) {
  if (!isMeasured(slider)) return null;
  let [low, high] = [-LIMIT, LIMIT];
  for (let turn = 0; turn < 24; turn += 1) {
    const middle = (low + high) / 2;
    if (/** @type {number} */ (measuredAt(slider, middle)) < value) low = middle;
    else high = middle;
  }
  return Math.round(((low + high) / 2) * 100) / 100;
}

/**
 * The measured curve as heights between 0 and 1 at evenly spaced positions; flat where nothing was measured.
 * @param {Slider} slider @param {number} count
 */
export function curveHeights(slider, count) {
  const positions = Array.from({ length: count }, (_, place) => mix(-LIMIT, LIMIT, place / (count - 1)));
  if (!isMeasured(slider)) return positions.map(() => 0);
  const values = positions.map((position) => /** @type {number} */ (measuredAt(slider, position)));
  const [low, span] = [values[0], values[count - 1] - values[0] || 1];
  return values.map((value) => (value - low) / span);
}

/**
 * Write a measured number as a musician reads it: "2.08 kHz", "−12.0 dB", "0.14".
 * @param {number} value
 * @param {string} [unit]
 */
export function showMeasured(value, unit = "") {
  if (unit === "octaves") {
    const hertz = 2 ** value;
    return hertz < 1000 ? `${Math.round(hertz)} Hz` : `${(hertz / 1000).toPrecision(3)} kHz`;
  }
  if (unit === "log10") return (10 ** value).toFixed(2);
  if (unit === "dB") return `${(Math.round(10 * value) / 10 || 0).toFixed(1).replace("-", "−")} dB`;
  return show(value, 2);
}

/** Where a slider stands: in its own unit, or as a position. @param {Slider} slider @param {number} position */
export function showStand(slider, position) {
  const value = measuredAt(slider, position);
  return value === null || slider.state === "off" ? showSigned(position) : showMeasured(value, slider.unit);
}

/**
 * Read a position from what a person typed: "5" is a position, "2.3 kHz" or "−12 dB" stands in the slider's unit, and
 * so does a bare number beyond ±10.
 * @param {Slider} slider @param {string} text
 * @returns {number|null}
 */
export function readStand(slider, text) {
  const read = readNumber(text);
  if (!read) return null;
  if (!read.unit && Math.abs(read.value) <= LIMIT) return read.value;
  if (slider.unit === "octaves") return positionFor(slider, Math.log2(Math.max(read.value, 1)));
  if (slider.unit === "log10") return positionFor(slider, Math.log10(Math.max(read.value, 1e-6)));
  return positionFor(slider, read.value) ?? clamp(read.value, -LIMIT, LIMIT);
}

/** Say in full sentences what was measured of a slider. @param {Slider} slider @returns {string[]} */
export function describe(slider) {
  const { word } = STATES[slider.state];
  if (slider.state === "off") return [`Off: ${slider.reason || "it does nothing in this model"}.`];
  if (slider.state === "unmeasured") return [`Not measured: ${slider.reason || "train longer to measure it"}.`];
  const said = [];
  if (slider.state === "discovered") said.push("A direction of this model that no name explains.");
  if (isMeasured(slider)) {
    const found = slider.range ?? [-LIMIT, 0, LIMIT].map((at) => /** @type {number} */ (measuredAt(slider, at)));
    const ends = found.map((value) => showMeasured(value, slider.unit));
    const state = word[0].toUpperCase() + word.slice(1);
    said.push(
      `${state}${slider.reason ? ` (${slider.reason})` : ""}: ${ends[0]} at −10, ${ends[1]} at 0, ${ends[2]} at +10.`,
    );
  }
  if (slider.also?.length) said.push(`Towards +10 also: ${slider.also.join(", ")}.`);
  if (slider.kept != null) said.push(`Keeps the notes: ${Math.round(100 * slider.kept)} %.`);
  else if (slider.not_kept) said.push(`Notes are not judged: ${slider.not_kept}.`);
  if (slider.measured_on) said.push(`Measured on ${slider.measured_on}, from which this version came.`);
  else if (slider.seeds) said.push(describeEvidence(slider.seeds, slider.spread));
  return said;
}

/** @param {number} seeds @param {number|null} [spread] */
function describeEvidence(seeds, spread) {
  const sounds = seeds === 1 ? "one sound" : `${seeds} sounds`;
  const sure = spread == null ? "" : `: what it covers is sure to ±${Math.round(100 * spread)} % of the recordings' range`;
  return `Measured on ${sounds} at each end${sure}.`;
}
