import assert from "node:assert/strict";
import { test } from "node:test";
import { placeBeside } from "../../webui/static/logic/placement.js";
import { layOut } from "../../webui/static/logic/tree-layout.js";

const VIEW = { width: 1000, height: 600 };

test("what floats stands below its anchor where there is room, else above", () => {
  const size = { width: 200, height: 100 };
  assert.deepEqual(placeBeside({ left: 50, top: 40, right: 90, bottom: 60 }, size, VIEW), { left: 50, top: 66, side: "below" });
  assert.equal(placeBeside({ left: 50, top: 540, right: 90, bottom: 560 }, size, VIEW).side, "above");
});

test("what floats never leaves the window", () => {
  const at = placeBeside({ left: 980, top: 40, right: 990, bottom: 60 }, { width: 200, height: 40 }, VIEW, "below", "centre");
  assert.equal(at.left, 792);
});

test("versions stand in a row, a branch gets a row of its own, and a blend stands right of all its parents", () => {
  const family = [
    { id: "a", parents: [] },
    { id: "a2", parents: [{ id: "a", weight: 1 }] },
    { id: "a3", parents: [{ id: "a", weight: 1 }] },
    { id: "b", parents: [] },
    { id: "mix", parents: [{ id: "a2", weight: 0.6 }, { id: "b", weight: 0.4 }] },
    { id: "lost", parents: [{ id: "gone", weight: 1 }] },
  ];
  const { placed, links, columns, rows } = layOut(family);
  const at = Object.fromEntries(placed.map(({ id, column, row }) => [id, [column, row]]));
  assert.deepEqual(at, { a: [0, 0], a2: [1, 0], a3: [1, 1], b: [0, 2], mix: [2, 0], lost: [0, 3] });
  assert.deepEqual(links.map(({ from, to, weight }) => [from.id, to.id, weight]).at(-1), ["b", "mix", 0.4]);
  assert.deepEqual([columns, rows], [3, 4]);
});
