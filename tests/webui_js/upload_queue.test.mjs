import assert from "node:assert/strict";
import { test } from "node:test";
import { UploadQueue } from "../../webui/static/logic/upload-queue.js";

const items = (...names) => names.map((name) => ({ name, size: 99 }));

/** A sender whose answers are given by hand. */
function byHand() {
  const asked = [];
  const send = (item, signal) => new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("broken off")));
    asked.push({ item, resolve, reject });
  });
  return { asked, send };
}
const pass = () => new Promise((resolve) => setImmediate(resolve));

test("two are under way at once, and the next begins when one is done", async () => {
  const { asked, send } = byHand();
  const queue = new UploadQueue(send);
  queue.add(items("a", "b", "c"));
  assert.deepEqual(asked.map(({ item }) => item.name), ["a", "b"]);
  asked[1].resolve("done");
  await pass();
  assert.deepEqual(asked.map(({ item }) => item.name), ["a", "b", "c"]);
  assert.deepEqual([queue.progress.done, queue.progress.count], [1, 3]);
  assert.ok(Math.abs(queue.progress.share - 1 / 3) < 1e-9);
});

test("one that is refused is noted, and the good ones go on", async () => {
  const queue = new UploadQueue(async ({ name }) => {
    if (name === "bad") throw new Error("no sound");
    return name.toUpperCase();
  });
  queue.add(items("a", "bad", "c"));
  await queue.settle();
  assert.deepEqual(queue.sent.map(({ answer }) => answer), ["A", "C"]);
  assert.deepEqual(queue.refused.map(({ item, error }) => [item.name, error.message]), [["bad", "no sound"]]);
  assert.deepEqual([queue.isBusy, queue.progress.share], [false, 1]);
});

test("stopping breaks off what is under way, and refuses nothing", async () => {
  const { asked, send } = byHand();
  const queue = new UploadQueue(send);
  queue.add(items("a", "b", "c"));
  asked[0].resolve("done");
  await pass();
  queue.stop();
  await queue.settle();
  assert.deepEqual([queue.sent.length, queue.refused.length, queue.isBusy], [1, 0, false]);
});

test("after a fatal error nothing more is sent, and all that waited are named", async () => {
  let count = 0;
  const queue = new UploadQueue(async () => {
    count += 1;
    throw Object.assign(new Error("nobody answers"), { code: "gone" });
  }, { together: 1, isFatal: (error) => error.code === "gone" });
  queue.add(items("a", "b", "c"));
  await queue.settle();
  assert.equal(count, 1);
  assert.deepEqual(queue.refused.map(({ item }) => item.name), ["a", "b", "c"]);
  assert.equal(queue.progress.done, 3);
});

test("more can be added while some are under way, and every change is told", async () => {
  let told = 0;
  const queue = new UploadQueue(async () => "x", { onChange: () => (told += 1) });
  queue.add(items("a"));
  queue.add(items("b"));
  await queue.settle();
  assert.equal(queue.sent.length, 2);
  assert.ok(told >= 4);
  await queue.settle(); // at once, where nothing is under way
});
