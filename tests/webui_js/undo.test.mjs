import assert from "node:assert/strict";
import test from "node:test";
import { History, MOST_STEPS } from "../../webui/static/core/undo.js";

const counter = () => {
  const state = { value: 0, time: 0 };
  const history = new History(() => {}, () => state.time);
  const set = (to, key) => {
    const from = state.value;
    state.value = to;
    history.add({ words: `to ${to}`, key, undo: () => (state.value = from), redo: () => (state.value = to) });
  };
  return { state, history, set };
};

test("what was done is taken back and done again, in order", async () => {
  const { state, history, set } = counter();
  set(1);
  set(2);
  assert.equal(await history.undo(), "to 2");
  assert.equal(state.value, 1);
  assert.equal(await history.undo(), "to 1");
  assert.equal(state.value, 0);
  assert.equal(await history.undo(), null);
  assert.equal(await history.redo(), "to 1");
  assert.equal(await history.redo(), "to 2");
  assert.equal(state.value, 2);
  assert.equal(await history.redo(), null);
});

test("something new forgets what was taken back", async () => {
  const { history, set } = counter();
  set(1);
  await history.undo();
  set(5);
  assert.equal(history.redoWords, null);
  assert.equal(history.undoWords, "to 5");
});

test("steps of one drag are one step, later ones are their own", async () => {
  const { state, history, set } = counter();
  set(1, "a");
  state.time = 100;
  set(2, "a");
  state.time = 5000;
  set(3, "a");
  await history.undo();
  assert.equal(state.value, 2);
  await history.undo();
  assert.equal(state.value, 0);
});

test("a step that was taken back and done again does not swallow the next", async () => {
  const { state, history, set } = counter();
  set(1, "a");
  await history.undo();
  await history.redo();
  set(2, "a");
  await history.undo();
  assert.equal(state.value, 1);
});

test("slow steps wait for each other, and a step that fails stays", async () => {
  const history = new History();
  const order = [];
  const slow = (name) => ({ words: name, undo: () => new Promise((done) => setTimeout(() => done(order.push(name)), 5)), redo: () => {} });
  history.add(slow("first"));
  history.add(slow("second"));
  await Promise.all([history.undo(), history.undo()]);
  assert.deepEqual(order, ["second", "first"]);
  const failing = { words: "fails", undo: () => Promise.reject(new Error("refused")), redo: () => {} };
  history.add(failing);
  await assert.rejects(history.undo(), /refused/);
  assert.equal(history.undoWords, "fails");
});

test("a step about something that is gone does not stand in the way of those before it", async () => {
  const { state, history, set } = counter();
  set(1);
  history.add({ words: "gone", undo: () => Promise.reject(Object.assign(new Error("410"), { status: 410 })), redo: () => {} });
  await assert.rejects(history.undo(), /410/);
  assert.equal(await history.undo(), "to 1");
  assert.equal(state.value, 0);
});

test("there is an end to what is remembered", () => {
  const { history, set } = counter();
  for (let number = 0; number < MOST_STEPS + 10; number++) set(number);
  assert.equal(history._done.length, MOST_STEPS);
});
