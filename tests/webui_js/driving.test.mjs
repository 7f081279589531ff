import assert from "node:assert/strict";
import test from "node:test";
import { carryOver, tellMoves } from "../../webui/static/logic/driving.js";

const ASKED = {
  sliders: { brightness: 3, warmth: [[0, 0], [4, 5]], roughness: 0, register: 4 },
  blend: { m2: 0.4, m3: 0 },
  source: 0.5,
  seed: 7,
  duration: 8,
  density: 3,
  novelty: 0.9,
  channels: "stereo",
};

test("a recording takes over what moves it, and neither time nor place", () => {
  assert.deepEqual(Object.keys(carryOver(ASKED)).sort(), ["blend", "seed", "sliders", "source"]);
  assert.deepEqual(Object.keys(carryOver(ASKED).sliders), ["brightness", "warmth", "roughness"]);
  assert.deepEqual(carryOver({ seed: 1 }), { sliders: {}, seed: 1 });
});

test("it is said what moves it, and nothing of what stands at rest", () => {
  const words = tellMoves(carryOver(ASKED), (id) => ({ m2: "tabla", m3: "drums" })[id]);
  assert.equal(words, "brightness +3.0, warmth moving, tabla 0.4");
  assert.equal(tellMoves({ sliders: { brightness: 0 } }, String), "");
  assert.equal(tellMoves({}, String), "");
});
