import assert from "node:assert/strict";
import test from "node:test";
import { familyOf, growthWords } from "../../webui/static/logic/family.js";
import {
  alsoWords,
  cardWords,
  marksOf,
  parentsWords,
  search,
  showDay,
  sortCards,
  steadinessWords,
  syntheticShare,
  throwWords,
  trainingFacts,
  trashWords,
} from "../../webui/static/logic/library.js";
import { markWords, presetMarks, restWords } from "../../webui/static/logic/preset-marks.js";

const NOW = new Date(2026, 10, 30, 12);
const BANK = [
  { name: "brightness", group: "timbre" },
  { name: "motion", group: "time" },
];
const card = (more) => ({
  id: "a",
  family: "a",
  name: "sax",
  created: "2026-11-30T08:00:00",
  files: 32,
  seconds: 192,
  synthetic_seconds: 0,
  kind: "trained",
  version: 1,
  current: true,
  sliders: {},
  parents: [],
  deleted: null,
  ...more,
});

test("a day is said as a person says it", () => {
  assert.equal(showDay(new Date(2026, 10, 30, 0, 1).toISOString(), NOW), "today");
  assert.equal(showDay(new Date(2026, 10, 29, 23, 59).toISOString(), NOW), "yesterday");
  assert.equal(showDay(new Date(2026, 10, 3).toISOString(), NOW), "3 November");
  assert.equal(showDay(new Date(2024, 1, 29).toISOString(), NOW), "29 February 2024");
  assert.equal(showDay("never", NOW), "");
});

test("a card says what a model was made of", () => {
  const today = new Date(2026, 10, 30, 8).toISOString();
  assert.equal(cardWords(card({ created: today }), NOW), "32 recordings · 3 min 12 s · today");
  assert.equal(cardWords(card({ created: today, kind: "blend", seconds: 0 }), NOW), "blend · today");
});

test("models are sorted by what is asked for, equal ones by name, and the list given is left alone", () => {
  const cards = [
    card({ id: "1", name: "b 10", seconds: 5 }),
    card({ id: "2", name: "b 9", seconds: 5, sliders: { motion: "certified" } }),
    card({ id: "3", name: "a", seconds: 1, created: "2026-12-01T00:00:00" }),
  ];
  const ids = (order) =>
    sortCards(cards, order)
      .map(({ id }) => id)
      .join("");
  assert.equal(ids("newest"), "321");
  assert.equal(ids("name"), "321");
  assert.equal(ids("seconds"), "213");
  assert.equal(ids("certified"), "231");
  assert.equal(cards.map(({ id }) => id).join(""), "123");
});

test("a search wants every word, in any case", () => {
  const found = (words) => search(["Dark drone", "dark spray"], words, (one) => one);
  assert.deepEqual(found("DARK dr"), ["Dark drone"]);
  assert.deepEqual(found("  "), ["Dark drone", "dark spray"]);
  assert.deepEqual(found("drone spray"), []);
});

test("marks of a certificate are in the order of the bank, without directions that have no name", () => {
  const marks = marksOf({ motion: "weak", "discovered 1": "discovered", brightness: "off" }, BANK);
  assert.deepEqual(
    marks.map(({ name, state }) => `${name} ${state}`),
    ["brightness off", "motion weak"],
  );
});

test("what is measured is said in words a musician reads", () => {
  assert.deepEqual([1, 0.9 - 1e-16, 0.7, 0.2, null].map(steadinessWords), [
    "never goes back",
    "steady",
    "wavers",
    "wanders",
    "",
  ]);
  assert.deepEqual([3.26, 1.2, 0.6, null].map(throwWords), ["3.3 times as far", "as far", "60 %", ""]);
  assert.equal(alsoWords(["still 77%", "thin 22%"]), "still 77\u00a0%, thin 22\u00a0%");
});

test("the share of outputs that were fed back is of all that was learned", () => {
  assert.equal(syntheticShare({ real_seconds: 90, synthetic_seconds: 10 }), 0.1);
  assert.equal(syntheticShare({ seconds: 40, synthetic_seconds: 10 }), 0.25);
  assert.equal(syntheticShare({ seconds: 0, synthetic_seconds: 0 }), 0);
});

test("what was left out of a training is told with its reason", () => {
  const facts = new Map(
    trainingFacts({
      ...card(),
      channels: 2,
      size_bytes: 9e7,
      described: {
        skipped: [{ file: "a.wav", reason: "it is silent" }],
        held_out: ["b.wav"],
        training: { seconds: 177.4, steps: 683, device: "cuda:0", stopped: true },
      },
    }),
  );
  assert.deepEqual(facts.get("Left out"), ["a.wav: it is silent.", "Held out, to be measured with: b.wav."]);
  assert.deepEqual(facts.get("Learned for"), [
    "2 min 57 s on the graphics card, 683 steps.",
    "It was stopped early, and kept.",
  ]);
  assert.deepEqual(facts.get("From"), ["3 min 12 s of sound, stereo."]);
});

test("the trash and the models of a blend are counted in words", () => {
  assert.equal(
    trashWords({ models: [1], history: [1, 2], presets: [], sets: [1] }),
    "1 model, 2 outputs and 1 data set",
  );
  assert.equal(trashWords({}), "");
  assert.equal(
    parentsWords(
      [
        { id: "a", weight: 0.6 },
        { id: "b", weight: 0.4 },
      ],
      new Map([["a", "sax"]]),
    ),
    "60 % sax and 40 % of a model that is gone",
  );
});

test("a family holds versions, deleted ones too, the models of a blend and the blends made of it", () => {
  const first = card({ id: "1", family: "1", created: "1" });
  const second = card({
    id: "2",
    family: "1",
    version: 2,
    created: "2",
    parents: [{ id: "1", weight: 1 }],
    synthetic_seconds: 48,
  });
  const gone = card({
    id: "3",
    family: "1",
    version: 3,
    created: "3",
    parents: [{ id: "2", weight: 1 }],
    deleted: "4",
  });
  const other = card({ id: "9", family: "9", name: "tabla", created: "0" });
  const blend = card({
    id: "b",
    family: "b",
    kind: "blend",
    created: "5",
    parents: [
      { id: "2", weight: 0.6 },
      { id: "9", weight: 0.4 },
    ],
  });
  const stranger = card({ id: "s", family: "s" });
  const all = [blend, second, first, other, stranger];
  const tree = familyOf({ ...first, versions: [second, first] }, all, [gone]);
  assert.deepEqual(
    tree.map(({ id }) => id),
    ["9", "1", "2", "3", "b"],
  );
  assert.equal(tree[2].synthetic, 0.25);
  assert.equal(tree[3].deleted, true);
  assert.equal(tree[4].words, "blend");
});

test("growth is told with its share and its drift", () => {
  const versions = [
    { id: "2", version: 2, current: true, real_seconds: 192, synthetic_seconds: 8, drift_percent: 3.4, parents: [] },
    { id: "1", version: 1, current: false, real_seconds: 192, synthetic_seconds: 0, drift_percent: null, parents: [] },
  ];
  assert.equal(
    growthWords(card({ id: "2", version: 2, versions })),
    "This is version 2 of 2. It learned from 3 min 12 s of recordings and 8 s of outputs that were fed back, which is 4 %. It is 3 % farther from its recordings than the version that learned them first.",
  );
  assert.equal(growthWords(card({ id: "1", versions })), "This is version 1 of 2. The name means version 2 now.");
});

test("a preset is marked by the sliders it moves, in the order of the bank, space last", () => {
  const marks = presetMarks(
    {
      sliders: {
        "discovered 1": 3,
        motion: [
          [0, -5],
          [2, 10],
        ],
        brightness: 0,
      },
      width: 6,
    },
    BANK,
  );
  assert.deepEqual(
    marks.map(({ name, group }) => `${name} ${group}`),
    ["motion time", "discovered 1 discovered", "width space"],
  );
  assert.deepEqual(marks[0].points, [
    [0, -0.5],
    [1, 1],
  ]);
  assert.deepEqual(marks.map(markWords), ["motion follows a lane", "discovered 1 +3.0", "width +6.0"]);
  assert.equal(restWords({ duration: 30, density: 1.2, loop: true, path: [] }), "30 s · 1.2 a second · loop · a path");
});
