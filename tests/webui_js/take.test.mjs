import assert from "node:assert/strict";
import test from "node:test";
import { receive, SAMPLE_RATE, Take } from "../../webui/static/core/take.js";

const ramp = (from, count, channels) => Float32Array.from({ length: count * channels }, (_, at) => from + Math.floor(at / channels) + (at % channels) / 10);

const stream = (parts) => {
  let next = 0;
  return { read: async () => (next < parts.length ? { done: false, value: parts[next++] } : { done: true }), cancel: async () => {} };
};

test("samples come apart by channel and are read where they are in the whole", () => {
  const take = new Take({ channels: 2, first: 100, samples: 10 });
  take.append(ramp(0, 6, 2));
  assert.equal(take.received, 6);
  assert.equal(take.available(102), 4);
  assert.equal(take.available(99), 0);
  const [left, right] = take.read(102, 3);
  assert.deepEqual([...left], [2, 3, 4]);
  assert.deepEqual([...right].map((value) => Math.round(value * 10) / 10), [2.1, 3.1, 4.1]);
});

test("a loop that was begun anywhere is read in a circle", () => {
  const take = new Take({ channels: 1, first: 6, total: 10, samples: 10, circular: true });
  take.append(Float32Array.of(6, 7, 8, 9, 0, 1, 2, 3, 4, 5));
  assert.equal(take.read(6, 1)[0][0], 6);
  assert.equal(take.read(2, 1)[0][0], 2);
  assert.equal(take.read(16, 1)[0][0], 6);
  assert.equal(take.available(5), 1);
});

test("room grows with what comes", () => {
  const take = new Take({ channels: 1 });
  const second = new Float32Array(SAMPLE_RATE).fill(0.5);
  for (let turn = 0; turn < 25; turn++) take.append(second);
  assert.equal(take.seconds, 25);
  assert.equal(take.read(24 * SAMPLE_RATE, 1)[0][0], 0.5);
});

test("bytes that are cut anywhere become whole samples", async () => {
  const bytes = new Uint8Array(ramp(0, 8, 2).buffer);
  for (const cut of [1, 3, 4, 7, 8, 13]) {
    const take = new Take({ channels: 2, samples: 8 });
    await receive({ channels: 2, reader: stream([bytes.slice(0, cut), bytes.slice(cut)]) }, take);
    assert.equal(take.received, 8);
    assert.equal(take.complete, true);
    assert.deepEqual([...take.read(0, 8)[0]], [0, 1, 2, 3, 4, 5, 6, 7]);
  }
});

test("a stream that breaks off leaves what has come, and says so", async () => {
  const take = new Take({ channels: 1 });
  const reader = { read: async () => Promise.reject(new Error("gone")), cancel: async () => {} };
  await receive({ channels: 1, reader }, take);
  assert.equal(take.complete, true);
  assert.match(take.error.message, /gone/);
  assert.equal(take.total, 0);
});

test("mono is the mean of the channels", () => {
  const take = new Take({ channels: 2, samples: 2 });
  take.append(Float32Array.of(1, 0, 0.5, 0.5));
  assert.deepEqual([...take.mono()], [0.5, 0.5]);
});

test("a take is whole when all of it came, and not when its stream was cut off", () => {
  const take = new Take({ channels: 1, first: 1000, samples: 2000 });
  take.append(ramp(0, 1000, 1));
  take.finish();
  assert.equal(take.isWhole, false);
  const rest = new Take({ channels: 1, first: 1000, samples: 2000 });
  rest.append(ramp(0, 2000, 1));
  assert.equal(rest.isWhole, false);
  rest.finish();
  assert.equal(rest.isWhole, true);
});

test("a loop is whole once around, wherever it begins, and a sound of unknown length when it ends", () => {
  const loop = new Take({ channels: 1, first: 3000, total: 4000, circular: true });
  loop.append(ramp(0, 1000, 1));
  loop.finish();
  assert.equal(loop.isWhole, false);
  const unknown = new Take({ channels: 1 });
  unknown.append(ramp(0, 700, 1));
  unknown.finish();
  assert.equal(unknown.isWhole, true);
});
