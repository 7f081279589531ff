import assert from "node:assert/strict";
import { test } from "node:test";
import {
  expectMinutes, expectSet, findTraining, isRunning, isTraining, keptWords, leftClock, lossPoints, planOf, stageOf, STAGES, titleOf, wholeSeconds, wordsOf,
} from "../../webui/static/logic/training.js";

const job = (more = {}) => ({
  id: "1", kind: "train", title: "sax", state: "running", stage: "training", words: "Learning", detail: "", share: 0.25, seconds_left: 135,
  device: { name: "cpu" }, curve: [{ step: 40, share: 0.2, seconds: 30, loss: 0.5, validation: 0.6 }], sliders: [], result: null, error: null, ...more,
});

test("a training is found by its id; else it is the one under way, or the latest", () => {
  const [render, done, running] = [job({ id: "3", kind: "render" }), job({ id: "2", state: "done" }), job()];
  assert.equal(findTraining([render, done, running], "2"), done);
  assert.equal(findTraining([render, done, running], "3"), running);
  assert.equal(findTraining([render, done, running]), running);
  assert.equal(findTraining([render, done]), done);
  assert.equal(findTraining([render], "1"), null);
});

test("the whole time follows from what is left and the share that is done", () => {
  assert.equal(wholeSeconds(job()), 180);
  assert.equal(wholeSeconds(job({ seconds_left: null })), null);
  assert.equal(wholeSeconds(job({ share: 0.99, seconds_left: 0 })), null); // past its time: nobody can tell
});

test("time counts down between two answers, and never below nothing", () => {
  assert.deepEqual(leftClock(72, 0), { clock: "1:12", words: "left" });
  assert.deepEqual(leftClock(72, 2.2), { clock: "1:10", words: "left" });
  assert.deepEqual(leftClock(1, 5), { clock: "0:00", words: "any moment now" });
  assert.deepEqual(leftClock(null, 5), { clock: "", words: "" });
});

test("a fifth of the time goes into measuring, where it is wanted", () => {
  assert.deepEqual(planOf(3, true), { whole: 180, measuring: 36, learning: 144 });
  assert.deepEqual(planOf(3, false), { whole: 180, measuring: 0, learning: 180 });
});

test("stages are over one after the other; a model without measured sliders lacks the last", () => {
  assert.equal(stageOf(job({ stage: "" })), 0);
  assert.equal(stageOf(job()), 1);
  assert.equal(stageOf(job({ stage: "listening" })), 2);
  assert.equal(stageOf(job({ stage: "measuring" })), 3);
  assert.equal(stageOf(job({ stage: "saving" })), 3);
  assert.equal(stageOf(job({ state: "done", sliders: [{ name: "brightness", state: "certified" }] })), STAGES.length);
  assert.equal(stageOf(job({ state: "done" })), STAGES.length - 1);
});

test("what is done now is said in words", () => {
  assert.equal(wordsOf(job()), "Learning · step 40 · on the processor");
  assert.equal(wordsOf(job({ stage: "measuring", words: "Measuring what the sliders do", detail: "warmth" })), "Measuring what the sliders do: warmth · on the processor");
  assert.equal(wordsOf(job({ stage: "reading", words: "Reading the recordings", detail: "a.wav (3 of 9)", device: null })), "Reading the recordings: a.wav (3 of 9)");
  assert.equal(wordsOf(job({ stage: "reading", words: "Reading the recordings", detail: "/home/me/sets/1/files", device: null })), "Reading the recordings");
  assert.equal(wordsOf(job({ state: "waiting", words: "", stage: "", device: null, curve: [] })), "Beginning");
});

test("what became of it is said in words", () => {
  const result = { name: "sax 2", files: { used: 25 }, seconds: 181, steps: 612, stopped: true };
  assert.equal(titleOf(job({ state: "done", result })), "sax 2 is ready");
  assert.equal(wordsOf(job({ state: "done", result })), "Learned from 25 recordings · 3 min 1 s, 612 steps · stopped by you");
  assert.equal(titleOf(job({ state: "failed" })), "sax could not be learned");
  assert.equal(titleOf(job({ kind: "extend" })), "Growing sax");
  assert.match(keptWords(job({ state: "interrupted" })), /goes on from half a minute before/);
  assert.match(keptWords(job({ state: "cancelled" })), /nothing|anything/);
  assert.equal(keptWords(job()), "");
});

test("the loss has its times, or its steps where there are none", () => {
  assert.deepEqual(lossPoints(job()), [{ seconds: 30, loss: 0.5, validation: 0.6 }]);
  assert.deepEqual(lossPoints(job({ curve: [{ step: 7, loss: 0.5 }] })), [{ seconds: 7, loss: 0.5, validation: null }]);
});

test("what can be expected depends on what there is", () => {
  assert.deepEqual(expectSet({ files: 25, seconds: 31 }), ["31 s of sound, 25 recordings."]);
  assert.equal(expectSet({ files: 3, seconds: 31 }).length, 2);
  assert.match(expectSet({ files: 9, seconds: 4 })[1], /little/);
  assert.deepEqual(expectSet({ files: 9, seconds: 0 }), ["9 recordings, not examined yet."]);
  assert.match(expectSet({ files: 0, seconds: 0 })[0], /nothing/);
  assert.equal(new Set([1, 3, 10, 30].map(expectMinutes)).size, 4);
});

test("trainings are told from other jobs, and those under way from those that have ended", () => {
  assert.deepEqual(["train", "extend", "feedback", "resume", "render"].map((kind) => isTraining(job({ kind }))), [true, true, true, true, false]);
  assert.deepEqual(["waiting", "running", "stopping", "done", "failed"].map((state) => isRunning(job({ state }))), [true, true, true, false, false]);
});
