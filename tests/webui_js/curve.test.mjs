import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, fromCurve, insert, move, remove, shift, simplify, toCurve, valueAt } from "../../webui/static/logic/curve.js";

const CURVE = [[0, -4], [5, 8], [10, 0]];
const LIMITS = { seconds: 10, low: -10, high: 10 };

test("a curve is straight between breakpoints and flat outside", () => {
  assert.equal(valueAt(CURVE, 2.5), 2);
  assert.equal(valueAt(CURVE, 0), -4);
  assert.equal(valueAt(CURVE, 99), 0);
  assert.equal(valueAt([[2, 1], [3, 5]], 0), 1);
  assert.equal(valueAt(7, 3), 7);
});

test("a breakpoint goes where its time is, and replaces one at the same time", () => {
  assert.deepEqual(insert(CURVE, [7, 1]), { curve: [[0, -4], [5, 8], [7, 1], [10, 0]], index: 2 });
  assert.deepEqual(insert(CURVE, [5, 1]), { curve: [[0, -4], [5, 1], [10, 0]], index: 1 });
  assert.deepEqual(CURVE[1], [5, 8]);
});

test("a moved breakpoint stays between its neighbours and within the limits", () => {
  assert.deepEqual(move(CURVE, 1, [12, 40], LIMITS)[1], [9.999, 10]);
  assert.deepEqual(move(CURVE, 0, [-3, -40], LIMITS)[0], [0, -10]);
  assert.deepEqual(move(CURVE, 2, [99, 3], LIMITS)[2], [10, 3]);
});

test("the last breakpoint cannot be removed", () => {
  assert.deepEqual(remove(CURVE, 1), [[0, -4], [10, 0]]);
  assert.deepEqual(remove([[0, 1]], 0), [[0, 1]]);
});

test("numbers and curves lead back to each other", () => {
  assert.deepEqual(toCurve(3), [[0, 3]]);
  assert.equal(fromCurve([[0, 3], [4, 3]]), 3);
  assert.equal(fromCurve(CURVE), CURVE);
});

test("a curve is raised as a whole, up to the limits", () => {
  assert.deepEqual(shift(CURVE, 4, -10, 10), [[0, 0], [5, 10], [10, 4]]);
  assert.deepEqual(extent(CURVE), [-4, 8]);
});

test("points on a line are left out, corners stay", () => {
  const stroke = [...Array(11)].map((_, n) => [n / 10, n < 5 ? n / 10 : 1 - n / 10]);
  assert.deepEqual(simplify(stroke, 0.01), [[0, 0], [0.5, 0.5], [1, 0]]);
  assert.deepEqual(simplify([[0, 0], [0, 0]], 0.01), [[0, 0], [0, 0]]);
});
