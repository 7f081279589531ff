import assert from "node:assert/strict";
import test from "node:test";
import { beginTest, chanceOfGuessing, score, showScore, vote } from "../../webui/static/logic/abx.js";
import { fileBytes, fitFormat, showDepth, showRate } from "../../webui/static/logic/file-size.js";
import { listDifferences, showGains } from "../../webui/static/logic/settings-words.js";
import { COUNT, nameMoves, seededChance, vary } from "../../webui/static/logic/variations.js";

const close = (found, expected, within) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`);

test("the chance of guessing is the upper tail of a binomial distribution", () => {
  close(chanceOfGuessing(0, 0), 1, 0);
  close(chanceOfGuessing(0, 8), 1, 1e-12);
  close(chanceOfGuessing(8, 8), 1 / 256, 1e-12);
  close(chanceOfGuessing(7, 8), 9 / 256, 1e-12);
  close(chanceOfGuessing(12, 16), 0.0384, 5e-5); // the usual bound of an ABX test of 16
});

test("a blind test counts votes against what was hidden", () => {
  const throws = [0.1, 0.9, 0.1, 0.9];
  const random = () => throws.shift();
  let run = beginTest(random);
  assert.equal(run.x, "a");
  run = vote(run, "a", random);
  assert.equal(run.x, "b");
  run = vote(run, "a", random);
  run = vote(run, "a", random);
  const found = score(run);
  assert.deepEqual([found.right, found.trials], [2, 3]);
  close(found.chance, 0.5, 1e-12);
  assert.equal(showScore(found), "2 of 3 right · by guessing 50 %");
  assert.equal(
    showScore({ right: 20, trials: 20, chance: chanceOfGuessing(20, 20) }),
    "20 of 20 right · by guessing below 1 %",
  );
});

test("a WAV file is as large as its samples", () => {
  const asked = { seconds: 10, channels: 2, sample_rate: 48000, bit_depth: "24" };
  close(fileBytes("wav", asked), 2_880_000, 10_000);
  close(fileBytes("wav", { ...asked, bit_depth: "32f", channels: 1 }), 1_920_000, 10_000);
  assert.ok(fileBytes("flac", asked) < fileBytes("wav", asked));
  close(fileBytes("mp3", { ...asked, channels: 1 }), 400_000, 10_000);
  assert.ok(fileBytes("opus", { ...asked, channels: 1 }) < fileBytes("opus", asked));
  assert.ok(fileBytes("wav", { ...asked, cover: true }) > fileBytes("wav", asked));
});

test("a format keeps what it takes of a choice, and takes the nearest of what it does not", () => {
  const wav = { name: "wav", sample_rates: [44100, 48000, 96000], bit_depths: ["16", "24", "32f"] };
  const mp3 = { name: "mp3", sample_rates: [44100, 48000], bit_depths: [] };
  const flac = { name: "flac", sample_rates: [44100, 48000, 96000], bit_depths: ["16", "24"] };
  assert.deepEqual(fitFormat(wav, { sample_rate: 96000, bit_depth: "32f" }, "24"), {
    sample_rate: 96000,
    bit_depth: "32f",
  });
  assert.deepEqual(fitFormat(mp3, { sample_rate: 96000, bit_depth: "32f" }, "24"), {
    sample_rate: 48000,
    bit_depth: "",
  });
  assert.deepEqual(fitFormat(flac, { sample_rate: 44100, bit_depth: "32f" }, "24"), {
    sample_rate: 44100,
    bit_depth: "24",
  });
  assert.deepEqual(fitFormat(wav, { sample_rate: 48000, bit_depth: "" }, "24"), {
    sample_rate: 48000,
    bit_depth: "24",
  });
  assert.deepEqual([showRate(44100), showDepth("32f"), showDepth("16")], ["44.1 kHz", "32 bit float", "16 bit"]);
});

test("settings that differ are told in few words, sliders first, the seed last", () => {
  const pairs = {
    seed: { a: 1, b: 2 },
    "sliders brightness": { a: 4, b: null },
    "blend 12ab": { a: null, b: 0.3 },
    "export format": { a: "wav", b: "flac" },
    loop: { a: true, b: false },
    density: {
      a: [
        [0, 1],
        [2, 3],
      ],
      b: 2,
    },
    at: { a: [0.1, 0.2], b: null },
  };
  const found = listDifferences(pairs, (id) => (id === "12ab" ? "tabla" : id));
  const text = found.map(({ name, a, b }) => `${name}: ${a} | ${b}`);
  assert.equal(text[0], "brightness: +4.0 | 0");
  assert.equal(text[text.length - 1], "seed: 1 | 2");
  for (const one of ["share of tabla: 0 | 0.3", "loop: on | off", "density: moving | 2", "at: a place | none"])
    assert.ok(text.includes(one), `${one} in ${text}`);
  assert.ok(!text.some((one) => one.includes("flac")));
});

test("the louder side is the one that is turned down", () => {
  assert.equal(showGains(0, -1.84), "B −1.8 dB");
  assert.equal(showGains(-3, 0), "A −3.0 dB");
  assert.equal(showGains(0, -0.01), "equally loud");
  assert.equal(showGains(null, 0), "");
});

const slider = (name, state = "certified", more = {}) => ({
  name,
  state,
  curve: [0, 1, 2, 3, 4],
  drives: [-10, -5, 0, 5, 10],
  ...more,
});
const AROUND = {
  settings: {
    seed: 5,
    novelty: 0.5,
    density: 2,
    one_shot: false,
    sliders: {
      brightness: 2,
      motion: [
        [0, -4],
        [3, 4],
      ],
    },
  },
  sliders: [
    slider("brightness"),
    slider("warmth"),
    slider("motion"),
    slider("attack", "weak"),
    slider("texture", "off"),
    slider("discovered 1", "discovered"),
  ],
  locked: new Set(["warmth"]),
  limits: { novelty: { minimum: 0, maximum: 1 }, density: { minimum: 0.1, maximum: 20 } },
  limit: 10,
};

test("the same seed gives the same nine variations, another one others", () => {
  const [one, again, other] = [vary(AROUND, 0.3, 7), vary(AROUND, 0.3, 7), vary(AROUND, 0.3, 8)];
  assert.equal(one.length, COUNT);
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
  assert.equal(new Set(one.map((each) => JSON.stringify(each.settings))).size, COUNT);
});

test("variations move certified and discovered sliders, and none that is locked, weak or off", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    for (const { settings, moves } of vary(AROUND, 1, seed)) {
      assert.ok(moves.length > 0);
      assert.equal(settings.sliders.warmth, undefined);
      assert.equal(settings.sliders.attack, undefined);
      assert.equal(settings.sliders.texture, undefined);
      assert.equal(settings.seed, 5);
      for (const position of [settings.sliders.brightness ?? 0, ...settings.sliders.motion.map(([, value]) => value)])
        assert.ok(Math.abs(position) <= 10);
      assert.ok(settings.novelty >= 0 && settings.novelty <= 1 && settings.density >= 0.1 && settings.density <= 20);
    }
  }
  assert.deepEqual(
    AROUND.settings.sliders,
    {
      brightness: 2,
      motion: [
        [0, -4],
        [3, 4],
      ],
    },
    "what is varied stays as it was",
  );
});

test("a curve keeps its shape, and a wide amount moves further than a small one", () => {
  const moved = vary(AROUND, 0.2, 3)
    .map((one) => one.settings.sliders.motion)
    .find((curve) => curve[0][1] !== -4);
  close(moved[1][1] - moved[0][1], 8, 1e-9);
  const far = (amount) =>
    vary(AROUND, amount, 4).reduce((sum, { settings }) => sum + Math.abs(settings.sliders.brightness - 2), 0);
  assert.ok(far(1) > 2 * far(0), `${far(1)} and ${far(0)}`);
});

test("without sliders novelty and density are still varied", () => {
  const found = vary({ ...AROUND, sliders: [] }, 0.5, 2);
  assert.ok(
    found.some(({ settings }) => settings.novelty !== 0.5) && found.some(({ settings }) => settings.density !== 2),
  );
});

test("a seeded chance is even", () => {
  const chance = seededChance(11);
  const thrown = Array.from({ length: 4000 }, chance);
  close(thrown.reduce((sum, one) => sum + one, 0) / 4000, 0.5, 0.02);
  assert.ok(thrown.every((one) => one >= 0 && one < 1));
});

test("a variation is named by what it moves to, what a person knows first", () => {
  const words = [{ name: "brightness", low: "dark", high: "bright" }, { name: "discovered 1" }];
  const moves = [
    { name: "discovered 1", away: -4 },
    { name: "density", away: 0.3 },
    { name: "brightness", away: -2 },
  ];
  assert.equal(nameMoves(moves, words), "dark · denser · discovered 1 −");
});
