import assert from "node:assert/strict";
import { test } from "node:test";
import { readNumber, roundTo, show, showBytes, showSigned } from "../../webui/static/logic/numbers.js";

test("numbers are written with a true minus and never as minus zero", () => {
  assert.equal(show(-12), "−12");
  assert.equal(show(-0.001), "0");
  assert.equal(show(2.5, 0), "3");
  assert.equal(showSigned(5), "+5.0");
  assert.equal(showSigned(-2.46), "−2.5");
  assert.equal(showSigned(-0.01), "0");
});

test("numbers are read as people type them", () => {
  assert.deepEqual(readNumber("2,5"), { value: 2.5, unit: "" });
  assert.deepEqual(readNumber("−3 dB"), { value: -3, unit: "db" });
  assert.deepEqual(readNumber("2.3 kHz"), { value: 2300, unit: "hz" });
  assert.deepEqual(readNumber(" .5 "), { value: 0.5, unit: "" });
  assert.equal(readNumber("loud"), null);
  assert.equal(readNumber(""), null);
});

test("rounding to a step leaves no dust", () => {
  assert.equal(roundTo(0.1 + 0.2, 0.1), 0.3);
  assert.equal(roundTo(-9.96, 0.1), -10);
  assert.equal(roundTo(1234.4, 1), 1234);
});

test("sizes of files are written in the unit that fits", () => {
  assert.equal(showBytes(12_345), "12 kB");
  assert.equal(showBytes(2_880_000), "2.9 MB");
  assert.equal(showBytes(3.21e9), "3.21 GB");
});
