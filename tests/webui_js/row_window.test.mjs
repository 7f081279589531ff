import assert from "node:assert/strict";
import { test } from "node:test";
import { nextRow, rowsInView } from "../../webui/static/logic/row-window.js";

test("rows in view exist, and a few around them", () => {
  assert.deepEqual(rowsInView({ top: 0, height: 400 }, 500, 40), { first: 0, last: 14 });
  assert.deepEqual(rowsInView({ top: 4000, height: 400 }, 500, 40), { first: 96, last: 114 });
  assert.deepEqual(rowsInView({ top: 19_900, height: 400 }, 500, 40), { first: 493, last: 500 });
});

test("few rows, none, and a list that is out of view are no trouble", () => {
  assert.deepEqual(rowsInView({ top: -200, height: 800 }, 3, 40), { first: 0, last: 3 });
  assert.deepEqual(rowsInView({ top: 0, height: 800 }, 0, 40), { first: 0, last: 0 });
  const { first, last } = rowsInView({ top: 90_000, height: 400 }, 10, 40);
  assert.ok(first <= last && last <= 10);
});

test("keys move by a row, by a page and to the ends, and never beyond them", () => {
  assert.equal(nextRow("ArrowDown", 4, 10, 5), 5);
  assert.equal(nextRow("ArrowUp", 0, 10, 5), 0);
  assert.equal(nextRow("PageDown", 8, 10, 5), 9);
  assert.equal(nextRow("PageUp", 3, 10, 5), 0);
  assert.equal(nextRow("Home", 7, 10, 5), 0);
  assert.equal(nextRow("End", 7, 10, 5), 9);
  assert.equal(nextRow("ArrowUp", -1, 10, 5), 0);
  assert.equal(nextRow("Enter", 3, 10, 5), null);
  assert.equal(nextRow("ArrowDown", 0, 0, 5), null);
});
