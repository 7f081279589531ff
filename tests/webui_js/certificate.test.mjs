import assert from "node:assert/strict";
import { test } from "node:test";
import {
  curveHeights, describe, measuredAt, positionFor, readStand, rising, showMeasured, showStand,
} from "../../webui/static/logic/certificate.js";

const BRIGHTNESS = {
  name: "brightness", state: "certified", reason: "", low: "dark", high: "bright", unit: "octaves",
  curve: [10.264, 10.732, 11.021, 11.441, 11.707], drives: [-10, -5.96, 0, 4.09, 10], also: ["still 77%"],
};
const ATTACK = { ...BRIGHTNESS, name: "attack", unit: "dB", curve: [2.26, 3.78, 8.65, 8.0, 20.45], drives: [-10, -3, 0, 6, 10] };
const DISCOVERED = { name: "discovered 1", state: "discovered", curve: [], drives: [], also: [] };

test("a falling neighbour is evened out, and rising curves stay", () => {
  assert.deepEqual(rising([1, 3, 2, 4]), [1, 2.5, 2.5, 4]);
  assert.deepEqual(rising([3, 2, 1]), [2, 2, 2]);
  assert.deepEqual(rising([1, 2, 3]), [1, 2, 3]);
});

test("calibrated positions make equal steps of what is measured", () => {
  const at = (position) => measuredAt(BRIGHTNESS, position);
  assert.equal(at(-10), 10.264);
  assert.equal(at(0), 11.021);
  assert.ok(Math.abs(at(5) - (11.021 + 11.707) / 2) < 0.01);
  assert.ok(Math.abs(at(-5) - (10.264 + 11.021) / 2) < 0.01);
});

test("a value in its unit leads back to its position", () => {
  for (const position of [-8, -2.5, 0.5, 7]) {
    assert.ok(Math.abs(positionFor(BRIGHTNESS, measuredAt(BRIGHTNESS, position)) - position) < 0.02);
  }
  assert.equal(positionFor(BRIGHTNESS, 99), 10);
});

test("the curve in a track rises from 0 to 1", () => {
  const heights = curveHeights(ATTACK, 41);
  assert.equal(heights[0], 0);
  assert.equal(heights[40], 1);
  assert.ok(heights.every((height, place) => place === 0 || height >= heights[place - 1]));
  assert.ok(curveHeights(DISCOVERED, 5).every((height) => height === 0));
});

test("measured numbers are written as a musician reads them", () => {
  assert.equal(showMeasured(11.021, "octaves"), "2.08 kHz");
  assert.equal(showMeasured(9, "octaves"), "512 Hz");
  assert.equal(showMeasured(-0.842, "log10"), "0.14");
  assert.equal(showMeasured(-12, "dB"), "−12.0 dB");
  assert.equal(showMeasured(0.3259, "of 1"), "0.33");
});

test("without a certificate a slider shows its position", () => {
  assert.equal(showStand(DISCOVERED, 2.5), "+2.5");
  assert.equal(measuredAt(DISCOVERED, 0), null);
});

test("typed text is a position, or a value in the slider's unit", () => {
  assert.equal(readStand(BRIGHTNESS, "5"), 5);
  assert.equal(readStand(BRIGHTNESS, "−2,5"), -2.5);
  assert.ok(Math.abs(readStand(BRIGHTNESS, "2.08 kHz")) < 0.1);
  assert.ok(Math.abs(readStand(BRIGHTNESS, "3344") - 10) < 0.1);
  assert.ok(Math.abs(readStand(ATTACK, "8.325 dB")) < 0.3);
  assert.equal(readStand(DISCOVERED, "40"), 10);
  assert.equal(readStand(BRIGHTNESS, "loud"), null);
});

test("a certificate is told in sentences", () => {
  assert.deepEqual(describe(BRIGHTNESS), [
    "Certified: 1.23 kHz at −10, 2.08 kHz at 0, 3.34 kHz at +10.", "Towards +10 also: still 77%.",
  ]);
  const off = { ...DISCOVERED, state: "off", reason: "all recordings are equally noisy" };
  assert.deepEqual(describe(off), ["Off: all recordings are equally noisy."]);
});

test("whether a slider keeps the notes is told, or why it is not known", () => {
  const told = (/** @type {object} */ more) => describe({ ...BRIGHTNESS, ...more }).slice(2);
  assert.deepEqual(told({ kept: 0.961, not_kept: "" }), ["Keeps the notes: 96 %."]);
  assert.deepEqual(told({ kept: 0 }), ["Keeps the notes: 0 %."]);
  assert.deepEqual(told({ kept: null, not_kept: "no sound has a clear pitch" }), [
    "Notes are not judged: no sound has a clear pitch.",
  ]);
  assert.deepEqual(told({ kept: null, not_kept: "" }), []);
});

test("how sure a figure is, and of which version it is, stands beside it", () => {
  const last = (/** @type {object} */ more) => describe({ ...BRIGHTNESS, ...more }).at(-1);
  const sure = "Measured on 4 sounds at each end: what it covers is sure to ±7 % of the recordings' range.";
  assert.equal(last({ seeds: 4, spread: 0.07 }), sure);
  assert.equal(last({ seeds: 1, spread: null }), "Measured on one sound at each end.");
  assert.equal(last({ seeds: 4, spread: 0.07, measured_on: "sax@1" }), "Measured on sax@1, from which this version came.");
});
