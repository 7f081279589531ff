import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changesWords, columnLength, countRecordings, notesOf, rareWidth, sentence, shorten, sortRecordings, totalsWords,
} from "../../webui/static/logic/recordings.js";

const recording = (name, more = {}) => ({
  id: name, name, state: "usable", reason: null, included: true, seconds: 2, loudness_lufs: -20, peak_db: -3, stereo: false, share: 0.1, notes: [], ...more,
});
const namesOf = (some) => some.map(({ name }) => name);

test("names are sorted as people count, and case makes no difference", () => {
  const some = ["note 10.wav", "Note 2.wav", "note 1.wav"].map((name) => recording(name));
  assert.deepEqual(namesOf(sortRecordings(some, "name", true)), ["note 1.wav", "Note 2.wav", "note 10.wav"]);
  assert.deepEqual(namesOf(sortRecordings(some, "name", false)), ["note 10.wav", "Note 2.wav", "note 1.wav"]);
});

test("recordings without a number come last both ways, and sorting changes nothing in place", () => {
  const some = [recording("a", { loudness_lufs: null }), recording("b", { loudness_lufs: -30 }), recording("c", { loudness_lufs: -10 })];
  assert.deepEqual(namesOf(sortRecordings(some, "level", true)), ["b", "c", "a"]);
  assert.deepEqual(namesOf(sortRecordings(some, "level", false)), ["c", "b", "a"]);
  assert.deepEqual(namesOf(some), ["a", "b", "c"]);
});

test("equal ones are in the order of their names whichever way is sorted", () => {
  const some = [recording("b", { seconds: 1 }), recording("a", { seconds: 1 }), recording("c", { seconds: 3 })];
  assert.deepEqual(namesOf(sortRecordings(some, "seconds", false)), ["c", "a", "b"]);
  assert.deepEqual(namesOf(sortRecordings(some, "seconds", true)), ["a", "b", "c"]);
});

test("what cannot be used is the gravest, then what is missing, changed, and noted", () => {
  const some = [recording("fine"), recording("noted", { notes: ["clipped"] }), recording("gone", { state: "missing" }),
    recording("bad", { state: "skipped" }), recording("other", { state: "changed" })];
  assert.deepEqual(namesOf(sortRecordings(some, "notes", false)), ["bad", "gone", "other", "noted", "fine"]);
});

test("totals count what is taken in, and not what is missing or cannot be used", () => {
  const some = [recording("a"), recording("b", { included: false, seconds: 3 }), recording("c", { state: "skipped", seconds: null }),
    recording("d", { state: "missing" }), recording("e", { state: "unknown", seconds: null })];
  assert.deepEqual(countRecordings(some), { files: 2, all: 3, seconds: 2, allSeconds: 5, unknown: 1 });
});

test("totals read as a sentence would", () => {
  assert.equal(totalsWords({ files: 25, all: 25, seconds: 31, allSeconds: 31, unknown: 0 }), "25 recordings · 31 s");
  assert.equal(totalsWords({ files: 24, all: 25, seconds: 28, allSeconds: 31, unknown: 0 }), "24 of 25 recordings · 28 s of 31 s");
  assert.equal(totalsWords({ files: 1, all: 1, seconds: 0, allSeconds: 0, unknown: 1 }), "1 recording");
  assert.equal(totalsWords({ files: 3, all: 3, seconds: 4, allSeconds: 4, unknown: 2 }), "3 recordings · 4 s · 2 not examined yet");
});

test("a chip has the first words of a note, and true minus signs", () => {
  assert.equal(shorten("clipped: 2.1% of it is cut flat; record it lower"), "clipped");
  assert.equal(shorten("the same sound as a.wav, in another level or format: remove one"), "the same sound as a.wav");
  assert.equal(shorten("very quiet (-52 LUFS): its hiss is learned too"), "very quiet (−52 LUFS)");
  assert.equal(shorten("DC offset +0.031: a high-pass at 20 Hz removes it"), "DC offset +0.031");
  assert.equal(shorten("a well-made note"), "a well-made note");
});

test("a line becomes a sentence, but the name of a file keeps its first letter", () => {
  assert.equal(sentence("clipped: record it lower"), "Clipped: record it lower.");
  assert.equal(sentence("It is there!"), "It is there!");
  assert.equal(sentence("mostly silent.wav is left out: silent"), "mostly silent.wav is left out: silent.");
  assert.equal(sentence("corrupt.flac: cut off"), "corrupt.flac: cut off.");
  assert.equal(sentence("only 8.9 s of sound in all"), "Only 8.9 s of sound in all.");
});

test("the gravest note comes first, and warns only where something is to be done", () => {
  const notes = ["clipped: record it lower", "both channels are the same: used as mono"];
  assert.deepEqual(notesOf(recording("a", { notes }), { advised: true }).map(({ text, kind }) => [text, kind]),
    [["clipped", "warn"], ["both channels are the same", "plain"]]);
  assert.deepEqual(notesOf(recording("a", { notes })).map(({ kind }) => kind), ["plain", "plain"]);
  const [skipped] = notesOf(recording("a", { state: "skipped", reason: "silent: nothing is louder than -70 dB" }));
  assert.deepEqual(skipped, { text: "silent", kind: "bad", sentences: ["Silent: nothing is louder than −70 dB."] });
  assert.equal(notesOf(recording("a", { state: "missing" }))[0].kind, "bad");
});

test("only what is rare in a mixed set is noted", () => {
  const mono = recording("a");
  const stereo = recording("b", { stereo: true });
  assert.equal(rareWidth([mono, mono, stereo]), "stereo");
  assert.equal(rareWidth([mono, stereo, stereo]), "mono");
  assert.equal(rareWidth([mono, mono, { ...stereo, included: false }]), null);
  assert.deepEqual(notesOf(mono, { rare: "mono" }).map(({ text }) => text), ["mono"]);
  assert.deepEqual(notesOf(mono, { rare: "stereo" }), []);
  assert.deepEqual(notesOf(recording("a", { notes: ["used as mono"] }), { rare: "mono" }).length, 1);
});

test("lengths in a column have equal digits", () => {
  assert.equal(columnLength(0.333), "0.33 s");
  assert.equal(columnLength(0.999), "1.0 s");
  assert.equal(columnLength(7), "7.0 s");
  assert.equal(columnLength(200), "3 min 20 s");
});

test("changes of a folder are counted in words", () => {
  const of = (...states) => changesWords(states.map((state) => recording("a", { state })));
  assert.equal(of("unknown", "unknown", "changed", "usable"), "2 new, 1 changed");
  assert.equal(of("missing"), "1 missing");
  assert.equal(of("usable", "skipped"), "");
});
