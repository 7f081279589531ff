import assert from "node:assert/strict";
import test from "node:test";
import { SAMPLE_RATE, Take } from "../../webui/static/core/take.js";
import { Voice } from "../../webui/static/core/voice.js";
import { Voices } from "../../webui/static/core/voices.js";

/** As much of the browser's sound as the player asks for; every gain and every piece is noted. */
class Context {
  constructor() {
    Object.assign(this, { currentTime: 0, state: "running", gains: [], pieces: [] });
  }

  createGain() {
    const steps = [];
    const gain = { value: 1, cancelScheduledValues() {}, setValueAtTime() {} };
    gain.linearRampToValueAtTime = (level, time) => steps.push([level, time]);
    this.gains.push(steps);
    return { gain, connect() {}, disconnect() {} };
  }

  createBuffer(channels, length) {
    return { length, first: null, copyToChannel(plane) { this.first = plane[0]; } };
  }
}

globalThis.window = { setTimeout: () => 0, clearTimeout() {} };
globalThis.AudioBufferSourceNode = class {
  constructor(context, { buffer }) {
    Object.assign(this, { context, buffer });
  }

  connect() {}

  start(time) {
    this.context.pieces.push({ time, first: this.buffer.first, length: this.buffer.length });
  }

  stop(time) {
    this.stopped = time;
  }
};

const SECONDS = 4;
const TOTAL = SECONDS * SAMPLE_RATE;

/** A loop of which some seconds are there, from a sample on; each sample says where it lies. */
function loopFrom(context, first, seconds) {
  const take = new Take({ channels: 1, first, total: TOTAL, samples: TOTAL, circular: true });
  take.append(Float32Array.from({ length: seconds * SAMPLE_RATE }, (_, at) => (first + at) % TOTAL));
  return new Voice(context, { open() {}, loop: true, circular: true, total: TOTAL }, take, new AbortController());
}

function playing(context) {
  const voices = new Voices({ onState() {}, onEnd() {}, isAwaiting: () => false });
  voices.context = context;
  voices.begin([loopFrom(context, 0, SECONDS)], 0, 0);
  context.currentTime = 1;
  voices.tick();
  return voices;
}

test("a version whose sound begins just ahead of the playhead comes in there, and the playhead stays", () => {
  const context = new Context();
  const voices = playing(context);
  const before = voices.position();
  const first = Math.ceil(voices.position(1.02));
  context.pieces.length = 0;
  voices.takeOver(loopFrom(context, first, 0.5));
  assert.equal(voices.isWaiting, false);
  assert.equal(voices.position(), before);
  const [{ time, first: sample }] = context.pieces;
  assert.ok(time >= 1.02 && time < 1.031, `it came in at ${time}`);
  assert.ok(Math.abs(sample - voices.position(time)) < 1, `sample ${sample} at ${voices.position(time)}`);
});

test("the version before fades out as the next comes in", () => {
  const context = new Context();
  const voices = playing(context);
  voices.takeOver(loopFrom(context, Math.ceil(voices.position()), 1));
  const [old, next] = context.gains.map((steps) => steps.at(-1));
  assert.deepEqual([old[0], next[0]], [0, 1]);
  assert.equal(old[1], next[1]);
});
