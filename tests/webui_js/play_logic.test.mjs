import assert from "node:assert/strict";
import test from "node:test";
import { changeMover, findMoving, listMovers, readMover } from "../../webui/static/logic/movers.js";
import { isAsKept, isOfOneModel, toPreset } from "../../webui/static/logic/preset-scope.js";
import { placeSources, showDistance } from "../../webui/static/logic/scene.js";
import { throwSeed, throwSliders, vouchedRange } from "../../webui/static/logic/random.js";
import { followRecording, walkPath } from "../../webui/static/logic/route.js";
import { fitSettings } from "../../webui/static/logic/settings-fit.js";
import { groupSliders, spaceSliders, summarise } from "../../webui/static/logic/slider-groups.js";

const WORDS = [
  { name: "brightness", group: "timbre" },
  { name: "warmth", group: "timbre" },
  { name: "tension", group: "harmony" },
];
const slider = (name, state = "certified", more = {}) => ({ name, state, curve: [0, 1, 2, 3, 4], drives: [-10, -5, 0, 5, 10], ...more });

test("a slider is vouched for as far as its curve goes on", () => {
  const [lowest, highest] = vouchedRange(slider("brightness"));
  assert.ok(lowest <= -9.75 && lowest >= -10 && highest >= 9.75 && highest <= 10, `${lowest} to ${highest}`);
  const flat = slider("warmth", "certified", { curve: [0, 1, 2, 4, 4] });
  const [low, high] = vouchedRange(flat);
  assert.ok(low < -9 && low >= -10, `low end ${low}`);
  assert.ok(high > 4.5 && high <= 5, `from 5 on nothing changes, but it is thrown up to ${high}`);
});

test("a slider without a measured curve is vouched for nowhere", () => {
  assert.deepEqual(vouchedRange({ name: "x", state: "certified" }), [0, 0]);
  assert.deepEqual(vouchedRange(slider("x", "certified", { curve: [1, 1, 1, 1, 1] })), [0, 0]);
});

test("random throws certified sliders that are not locked, within their ranges", () => {
  const sliders = [slider("brightness"), slider("warmth", "certified", { curve: [2, 2, 2, 3, 4] }), slider("tension"), slider("attack", "weak"), slider("texture", "off")];
  assert.deepEqual(Object.keys(throwSliders(sliders, new Set(["tension"]))), ["brightness", "warmth"]);
  const lowest = throwSliders(sliders, new Set(), () => 0);
  const highest = throwSliders(sliders, new Set(), () => 1);
  assert.equal(lowest.warmth, 0);
  assert.ok(lowest.brightness >= -10 && lowest.brightness < -9);
  assert.ok(highest.warmth > 9 && highest.warmth <= 10);
});

test("of many throws the middle is more frequent than the ends", () => {
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const thrown = Array.from({ length: 2000 }, () => Math.abs(throwSliders([slider("brightness")], new Set(), random).brightness));
  const inner = thrown.filter((one) => one < 3.3).length;
  const outer = thrown.filter((one) => one > 6.6).length;
  assert.ok(inner > 3 * outer, `${inner} within a third, ${outer} in the last third`);
});

test("a seed is a whole number up to the highest one", () => {
  assert.equal(throwSeed(9, () => 0), 0);
  assert.equal(throwSeed(9, () => 0.999999), 9);
  assert.equal(throwSeed(9, () => 1), 9);
});

test("sliders stand by group, discovered ones apart, those that are off last", () => {
  const found = groupSliders([slider("tension"), slider("warmth", "off"), slider("brightness", "weak"), slider("discovered 1", "discovered")], WORDS);
  assert.deepEqual(found.groups.map(({ name, sliders }) => [name, sliders.map((one) => one.name)]), [["timbre", ["brightness"]], ["harmony", ["tension"]]]);
  assert.deepEqual(found.discovered.map((one) => [one.name, one.group]), [["discovered 1", "discovered"]]);
  assert.deepEqual(found.off.map((one) => [one.name, one.group]), [["warmth", "timbre"]]);
});

test("the sliders of space have words for their ends, and unknown ones none", () => {
  assert.deepEqual(spaceSliders(["width", "height"]).map(({ low, high }) => [low, high]), [["mono", "wide"], ["", ""]]);
});

test("a bank is summed up in words", () => {
  assert.equal(summarise([slider("a"), slider("b"), slider("discovered 1", "discovered")]), "all certified");
  assert.equal(summarise([slider("a"), slider("b", "weak"), slider("c", "off")]), "1 of 3 certified");
  assert.equal(summarise([slider("a", "unmeasured")]), "not measured");
  assert.equal(summarise([]), "");
});

const GENERATE = { density: { minimum: 0.1, maximum: 20 }, flow: { minimum: 0, maximum: 1 }, novelty: { minimum: 0, maximum: 1 } };
const settings = { duration: 10, width: 0, distance: [[0, 0], [5, 3]], density: 2, novelty: 0.5, movement: "still", channels: "auto", loop: false, one_shot: false, sliders: { brightness: [[0, -3], [4, 6]], warmth: 2 }, blend: { ab12: 0.3, cd34: [[0, 0], [10, 1]] } };

test("everything that moves is found, blend shares too", () => {
  assert.deepEqual(findMoving(settings), ["brightness", "distance", "blend cd34"]);
});

test("a mover is read from where it stands, and a change of it leaves the others", () => {
  assert.equal(readMover("warmth", settings), 2);
  assert.equal(readMover("tension", settings), 0);
  assert.equal(readMover("density", settings), 2);
  assert.equal(readMover("blend ab12", settings), 0.3);
  assert.equal(readMover("flow", { ...settings, flow: null }), 1); // auto: a lane begins at one unbroken sound
  assert.equal(readMover("flow", { ...settings, flow: 0 }), 0);
  assert.deepEqual(changeMover("warmth", 5, settings), { warmth: 5 });
  assert.deepEqual(changeMover("blend ab12", 0.6, settings), { blend: { ab12: 0.6, cd34: [[0, 0], [10, 1]] } });
});

test("movers have limits and ends of what they are", () => {
  const movers = listMovers({ sliders: spaceSliders(["width"]), generate: GENERATE, limit: 10, blend: [{ id: "ab12", name: "tabla" }] });
  assert.deepEqual(movers.map(({ key, name, low, high, origin }) => [key, name, low, high, origin]), [
    ["width", "width", -10, 10, 0],
    ["density", "density", 0.1, 20, 0.1],
    ["flow", "flow", 0, 1, 0],
    ["novelty", "novelty", 0, 1, 0],
    ["blend ab12", "share of tabla", 0, 1, 0],
  ]);
});

test("a path is walked at an even pace, and a loop leads back to its start", () => {
  const path = [[0, 0], [0.3, 0.4], [0.3, -0.6]];
  assert.deepEqual(walkPath(path, 9, false).map(([seconds]) => Math.round(seconds * 1e6) / 1e6), [0, 3, 9]);
  const loop = walkPath([[0, 0], [1, 0]], 8, true);
  assert.deepEqual(loop, [[0, 0, 0], [4, 1, 0], [8, 0, 0]]);
  assert.deepEqual(walkPath([[0.5, 0.5], [0.5, 0.5]], 8, false), [[0, 0.5, 0.5], [0, 0.5, 0.5]]);
});

test("a recording is followed in the order of its moments, in the time of the sound", () => {
  const moments = [{ file: "b", seconds: 0, x: 9, y: 9 }, { file: "a", seconds: 1, x: 3, y: 4 }, { file: "a", seconds: 0, x: 1, y: 2 }];
  assert.deepEqual(followRecording(moments, "a", 0.8), [[0, 1, 2], [0.8, 3, 4]]);
  assert.deepEqual(followRecording(moments, "b", 0.8), [[0, 9, 9]]);
  assert.deepEqual(followRecording(moments, "c", 0.8), []);
});

const LIMITS = { longest_loop_seconds: 120 };

test("a place and a path exclude each other", () => {
  assert.deepEqual(fitSettings({ at: [0, 0] }, settings, LIMITS), { change: { at: [0, 0], path: null }, said: "" });
  assert.deepEqual(fitSettings({ path: [[0, 0], [1, 1]] }, settings, LIMITS).change, { path: [[0, 0], [1, 1]], at: null });
  assert.deepEqual(fitSettings({ path: null }, settings, LIMITS).change, { path: null });
});

test("mono has no space: what comes later wins, and that is said", () => {
  const spacious = { ...settings, width: 3, movement: "orbit", distance: 0 };
  const mono = fitSettings({ channels: "mono" }, spacious, LIMITS);
  assert.deepEqual(mono.change, { channels: "mono", width: 0, movement: "still" });
  assert.match(mono.said, /width, movement are back/);
  const wide = fitSettings({ width: 2 }, { ...settings, channels: "mono", distance: 0 }, LIMITS);
  assert.deepEqual(wide.change, { width: 2, channels: "auto" });
  assert.equal(fitSettings({ width: 0 }, { ...settings, channels: "mono", distance: 0 }, LIMITS).said, "");
});

test("a loop is no longer than a loop can be, and no one-shot", () => {
  const long = { ...settings, duration: 300, one_shot: true };
  const looped = fitSettings({ loop: true }, long, LIMITS);
  assert.deepEqual(looped.change, { loop: true, one_shot: false, duration: 120 });
  assert.match(looped.said, /120 s/);
  assert.deepEqual(fitSettings({ duration: 300 }, { ...settings, loop: true }, LIMITS).change, { duration: 300, loop: false });
  assert.deepEqual(fitSettings({ duration: 60 }, { ...settings, loop: true }, LIMITS), { change: { duration: 60 }, said: "" });
});

test("a preset keeps no seed, and knows whether it means something in one model only", () => {
  assert.deepEqual(toPreset({ seed: 4, device: "cpu", density: 3 }), { density: 3 });
  assert.equal(isOfOneModel({ sliders: { brightness: 3 } }), false);
  assert.equal(isOfOneModel({ sliders: { "discovered 2": 1 } }), true);
  assert.equal(isOfOneModel({ path: [[0, 0], [1, 1]] }), true);
  assert.equal(isOfOneModel({ at: null, sliders: {} }), false);
});

test("a preset is as it was kept whatever the order and the seed", () => {
  assert.ok(isAsKept({ sliders: { a: 1, b: 2 }, seed: 1 }, { seed: 9, sliders: { b: 2, a: 1 } }));
  assert.ok(!isAsKept({ sliders: { a: 1 } }, { sliders: { a: 1.1 } }));
  assert.ok(!isAsKept({ path: [[0, 1]] }, { path: [[1, 0]] }));
});

test("distances are drawn in equal ratios, from the ear to far into the room", () => {
  assert.equal(showDistance(0.4), 0);
  assert.equal(showDistance(45), 1);
  assert.ok(Math.abs(showDistance(Math.sqrt(0.4 * 45)) - 0.5) < 1e-12);
  assert.equal(showDistance(0.1), 0);
});

const SCENE = { step_seconds: 0.1, sounds: [
  { start: 0, seconds: 1, azimuth_degrees: [30], metres: [1] },
  { start: 0.5, seconds: 1, azimuth_degrees: [-90, -80, -70], metres: [1, 2, 3] },
  { start: 4, seconds: 1, azimuth_degrees: [180], metres: [45] },
] };

test("while it plays, the sounds that are heard are around the head, the newest brightest", () => {
  const found = placeSources(SCENE, 0.62, true);
  assert.deepEqual(found.map((one) => one.azimuth_degrees), [-30, 80]);
  assert.ok(found[0].level < found[1].level);
  assert.equal(found[1].distance, showDistance(2));
});

test("a way that has ended stays where it ended, and at rest all sounds are seen", () => {
  assert.equal(placeSources(SCENE, 1.4, true)[0].azimuth_degrees, 70);
  assert.equal(placeSources(SCENE, 0, false).length, 3);
});
