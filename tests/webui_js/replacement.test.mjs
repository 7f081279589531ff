import assert from "node:assert/strict";
import test from "node:test";
import { Replacement } from "../../webui/static/core/replacement.js";

const RATE = 48000;

/** A player whose clock goes on by 10 ms with every look, and answers that take their time and then come at a speed. */
class World {
  constructor({ delay, speed, plays = true, stuckAt = Infinity }) {
    Object.assign(this, { time: 0, start: 0, delay, speed, plays, stuckAt, opened: [], closed: 0, current: true });
  }

  get stage() {
    return {
      isCurrent: () => {
        this.time += 0.01;
        return this.current;
      },
      isPlaying: () => this.plays,
      isWaiting: () => this.time - this.start >= this.stuckAt,
      position: () => Math.min(this.time - this.start, this.stuckAt) * RATE,
      now: () => this.time,
      jump: (position) => (this.jumped = position / RATE),
      open: async (position) => this.open(position / RATE),
    };
  }

  open(first) {
    this.opened.push(first);
    const delay = this.delay.length > 1 ? this.delay.shift() : this.delay[0];
    const began = (this.time += delay);
    const world = this;
    const take = {
      complete: false,
      get received() {
        return Math.max(0.01, (world.time - began) * world.speed) * RATE;
      },
    };
    const gapBefore = (position) => Math.max(0, position - first * RATE - take.received);
    return { take, first, gapBefore, has: (position) => position / RATE >= first && position / RATE < first + take.received / RATE, close: () => (this.closed += 1) };
  }
}

test("a version comes in where the playhead meets it, one answer ahead", async () => {
  const world = new World({ delay: [0.2], speed: 5 });
  const voice = await new Replacement().run(world.stage);
  assert.equal(voice.first, 0.4);
  assert.ok(world.time >= 0.36 && world.time < 0.45, `it came in at ${world.time}`);
});

test("the way ahead is what the quickest of the last three answers took", async () => {
  const replacement = new Replacement();
  const run = (delay, speed = 5) => replacement.run(new World({ delay: [delay], speed }).stage);
  await run(0.2);
  assert.ok(Math.abs(replacement.lead - 0.21) < 0.011, `lead ${replacement.lead}`);
  await run(0.9);
  await run(0.8);
  assert.ok(Math.abs(replacement.lead - 0.21) < 0.011, `lead ${replacement.lead}`);
  await run(0.7);
  assert.ok(Math.abs(replacement.lead - 0.71) < 0.011, `lead ${replacement.lead}`);
});

test("an answer that is late but quick catches up", async () => {
  const world = new World({ delay: [1.2], speed: 5 });
  const voice = await new Replacement().run(world.stage);
  assert.equal(world.opened.length, 1);
  assert.equal(voice.first, 0.4);
  assert.ok(world.time < 1.5, `it came in at ${world.time}`);
});

test("an answer that stays behind the playhead is asked for once more from farther ahead", async () => {
  const world = new World({ delay: [2, 1.5], speed: 0.5 });
  const voice = await new Replacement().run(world.stage);
  assert.equal(world.opened.length, 2);
  assert.equal(world.closed, 1);
  assert.ok(voice.first > 2 + 1.5, `asked from ${voice.first}`);
});

test("a playhead that waits is not asked ahead of, and one that begins to wait goes on where the version begins", async () => {
  const waiting = new World({ delay: [1], speed: 0.5, stuckAt: 0 });
  assert.equal((await new Replacement().run(waiting.stage)).first, 0);
  const stuck = new World({ delay: [1], speed: 0.5, stuckAt: 0.2 });
  await new Replacement().run(stuck.stage);
  assert.equal(stuck.jumped, 0.4);
});

test("what is overtaken or too late comes in never", async () => {
  const overtaken = new World({ delay: [0.1], speed: 0 });
  overtaken.current = false;
  assert.equal(await new Replacement().run(overtaken.stage), null);
  assert.equal(overtaken.closed, 1);
  const late = new World({ delay: [0.1], speed: 1 });
  assert.equal(await new Replacement().run({ ...late.stage, open: async () => null }), null);
});
