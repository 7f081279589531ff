import assert from "node:assert/strict";
import test from "node:test";
import { Take } from "../../webui/static/core/take.js";
import { Voice } from "../../webui/static/core/voice.js";

const context = { createGain: () => ({ gain: { value: 1 }, connect() {} }) };
const voice = (source) => new Voice(context, source, new Take({ channels: 1, total: 10 }), new AbortController());

test("every position lies inside of a loop, before its beginning and after its end", () => {
  const loop = voice({ open() {}, loop: true, total: 10 });
  assert.deepEqual([-25, -10, -1, 0, 9, 10, 34].map((at) => loop.inside(at)), [5, 0, 9, 0, 9, 0, 4]);
});

test("a playhead that waits before the beginning of a sound waits at it", () => {
  const once = voice({ open() {}, loop: false, total: 10 });
  assert.deepEqual([-3, 0, 7, 12].map((at) => once.inside(at)), [0, 0, 7, 12]);
});
