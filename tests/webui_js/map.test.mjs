import assert from "node:assert/strict";
import { test } from "node:test";
import { density } from "../../webui/static/logic/density.js";
import { placeLabels } from "../../webui/static/logic/label-placement.js";
import { insertStop, moveStop, removeStop, strokeToPath } from "../../webui/static/logic/map-path.js";
import { MapSearch } from "../../webui/static/logic/map-search.js";
import { MapViewBox } from "../../webui/static/logic/map-view-box.js";

/** Repeatable places: an additive walk. */
const scatter = (count) =>
  Array.from({ length: count }, (_, n) => ({ x: ((n * 0.7548) % 1) * 2 - 1, y: ((n * 0.5698) % 1) * 2 - 1 }));

test("the grid finds what trying all would find", () => {
  const places = scatter(500);
  const search = new MapSearch(places);
  for (const { x, y } of [...scatter(40), { x: 1.4, y: -2 }]) {
    const away = places.map((one) => Math.hypot(one.x - x, one.y - y));
    assert.equal(search.nearest(x, y), away.indexOf(Math.min(...away)));
  }
});

test("the nearest is judged in pixels where pixels are given, and only within reach", () => {
  const search = new MapSearch([{ x: 0.2, y: 0 }, { x: 0, y: 0.1 }]);
  assert.equal(search.nearest(0, 0, { scale: [100, 400] }), 0);
  assert.equal(search.nearest(0, 0, { scale: [100, 400], within: 10 }), -1);
  assert.equal(new MapSearch([]).nearest(0, 0), -1);
});

test("arrows step to a neighbour ahead, and stay at the edge", () => {
  const search = new MapSearch([{ x: 0, y: 0 }, { x: 0.5, y: 0.1 }, { x: 0.1, y: 0.6 }, { x: -0.4, y: 0.9 }]);
  assert.equal(search.neighbour(0, "right"), 1);
  assert.equal(search.neighbour(0, "up"), 2);
  assert.equal(search.neighbour(1, "left"), 0);
  assert.equal(search.neighbour(1, "right"), 1);
});

test("pixels and places lead back to each other at any zoom", () => {
  const box = new MapViewBox();
  box.resize(800, 400);
  box.zoomAt(3, 500, 120);
  const [x, y] = box.toMap(...box.toScreen(0.3, -0.2));
  assert.ok(Math.hypot(x - 0.3, y + 0.2) < 1e-9);
});

test("zooming keeps the place under the pointer, and all the way out shows all", () => {
  const box = new MapViewBox();
  box.resize(800, 400);
  const before = box.toMap(450, 220);
  box.zoomAt(2, 450, 220);
  const after = box.toMap(450, 220);
  assert.ok(Math.hypot(before[0] - after[0], before[1] - after[1]) < 1e-9);
  box.zoomAt(0.01, 10, 10);
  assert.deepEqual([box.zoom, box.x + 0, box.y + 0], [1, 0, 0]);
});

test("names cover neither each other nor points nor the edge", () => {
  const points = scatter(30).map(({ x, y }) => ({ x: 150 + x * 140, y: 100 + y * 90, width: 60 }));
  const placed = placeLabels(points, { width: 300, height: 200 });
  const boxes = placed.flatMap((one) => (one ? [{ ...one, right: one.left + 60, bottom: one.top + 14 }] : []));
  assert.ok(boxes.length >= 4);
  for (const [index, one] of boxes.entries()) {
    assert.ok(one.left >= 4 && one.right <= 296 && one.top >= 4 && one.bottom <= 196);
    for (const other of boxes.slice(index + 1)) {
      assert.ok(one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top);
    }
  }
});

test("a stroke becomes its corners, within the map", () => {
  const stroke = [...Array(50)].map((_, n) => [n / 50, 0]).concat([...Array(50)].map((_, n) => [1, n / 30]));
  assert.deepEqual(strokeToPath(stroke), [[0, 0], [1, 0], [1, 1]]);
});

test("a path is edited stop by stop", () => {
  const path = [[0, 0], [1, 0], [1, 1]];
  assert.deepEqual(insertStop(path, [1, 0.4]), { path: [[0, 0], [1, 0], [1, 0.4], [1, 1]], index: 2 });
  assert.deepEqual(moveStop(path, 1, [0.5, -3]), [[0, 0], [0.5, -1], [1, 1]]);
  assert.deepEqual(removeStop(path, 1), [[0, 0], [1, 1]]);
  assert.deepEqual(removeStop([[0, 0], [1, 1]], 0), []);
});

test("density is highest where points lie together, and nothing far from all of them", () => {
  const grid = density([[0.25, 0.5], [0.26, 0.5], [0.9, 0.5]], 40, 20, 4);
  const at = (x, y) => grid[Math.floor(y * 20) * 40 + Math.floor(x * 40)];
  assert.equal(Math.max(...grid), 1);
  assert.ok(at(0.25, 0.5) > 1.8 * at(0.9, 0.5));
  assert.equal(at(0.6, 0.1), 0);
  assert.equal(Math.max(...density([], 4, 4, 2)), 0);
});
