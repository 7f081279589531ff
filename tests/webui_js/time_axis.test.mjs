import assert from "node:assert/strict";
import { test } from "node:test";
import { showClock, showLength, ticks, TimeView } from "../../webui/static/logic/time-axis.js";

test("a time in view and its share of the view lead back to each other", () => {
  const view = new TimeView(10);
  view.show(2, 6);
  assert.equal(view.shareOf(3), 0.25);
  assert.equal(view.secondsAt(view.shareOf(5.3)), 5.3);
});

test("zooming keeps the time under the pointer where it is", () => {
  const view = new TimeView(10);
  view.zoom(0.5, 4);
  assert.equal(view.end - view.start, 5);
  assert.ok(Math.abs(view.shareOf(4) - 0.4) < 1e-9);
});

test("the view never leaves the sound", () => {
  const view = new TimeView(10);
  view.show(8, 14);
  assert.deepEqual([view.start, view.end], [4, 10]);
  view.zoom(100, 5);
  assert.deepEqual([view.start, view.end], [0, 10]);
});

test("listeners hear of changes until they are taken away", () => {
  const view = new TimeView(10);
  let heard = 0;
  const forget = view.onChange(() => (heard += 1));
  view.show(1, 2);
  forget();
  view.show(2, 3);
  assert.equal(heard, 1);
});

test("ticks are round numbers, and no more than there is room for", () => {
  assert.deepEqual(ticks(0, 10, 6), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks(0.93, 1.4, 5), [1, 1.1, 1.2, 1.3, 1.4]);
  assert.ok(ticks(0, 36_000, 8).length <= 9);
});

test("times are written as a clock shows them", () => {
  assert.equal(showClock(3.26, 1), "0:03.2");
  assert.equal(showClock(65), "1:05");
  assert.equal(showClock(3725), "1:02:05");
  assert.equal(showClock(0.3, 1), "0:00.3");
  assert.equal(showLength(0.42), "0.42 s");
  assert.equal(showLength(200), "3 min 20 s");
  assert.equal(showLength(60), "1 min");
});
