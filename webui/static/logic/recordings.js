// @ts-check
/** The recordings of a data set as a table shows them: sorted, counted, and their notes in few words. Pure. */
import { showLength } from "./time-axis.js";

/**
 * @typedef {object} Recording as `/api/sets/ID` has it
 * @property {string} id
 * @property {string} name relative to the set's folder
 * @property {"usable"|"skipped"|"unknown"|"missing"|"changed"} state
 * @property {string|null} reason why it is skipped
 * @property {boolean} included
 * @property {number|null} seconds
 * @property {number|null} loudness_lufs
 * @property {number|null} peak_db
 * @property {boolean|null} stereo
 * @property {number|null} share
 * @property {string[]} notes
 */
/** @typedef {"included"|"name"|"seconds"|"level"|"notes"} Column */
/** @typedef {{files: number, all: number, seconds: number, allSeconds: number, unknown: number}} Totals */
/** @typedef {{text: string, kind: "plain"|"warn"|"bad", sentences: string[]}} Note */

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const GRAVITY = { skipped: 300, missing: 200, changed: 100, unknown: 0, usable: 0 };

/** @type {Record<Column, (one: Recording) => number|null>} */
const KEYS = {
  name: () => 0,
  included: (one) => Number(one.included),
  seconds: (one) => one.seconds,
  level: (one) => one.loudness_lufs,
  notes: (one) => GRAVITY[one.state] + one.notes.length,
};

/**
 * Sort by a column; equal ones by name, and those without a number last both ways.
 * @param {Recording[]} recordings @param {Column} column @param {boolean} ascending
 */
export function sortRecordings(recordings, column, ascending) {
  const [key, sign] = [KEYS[column], ascending ? 1 : -1];
  const byName = (/** @type {Recording} */ a, /** @type {Recording} */ b) => names.compare(a.name, b.name);
  return [...recordings].sort((a, b) => {
    if (column === "name") return sign * byName(a, b);
    const [one, other] = [key(a), key(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || byName(a, b);
    return sign * (one - other) || byName(a, b);
  });
}

/** Count what is taken in, and everything. @param {Recording[]} recordings @returns {Totals} */
export function countRecordings(recordings) {
  const there = recordings.filter(({ state }) => state !== "missing" && state !== "skipped");
  const taken = there.filter(({ included }) => included);
  const sum = (/** @type {Recording[]} */ some) => some.reduce((whole, one) => whole + (one.seconds ?? 0), 0);
  return {
    files: taken.length,
    all: there.length,
    seconds: sum(taken),
    allSeconds: sum(there),
    unknown: taken.filter(({ state }) => state === "unknown" || state === "changed").length,
  };
}

/** @param {number} count */
export const countWords = (count) => `${count} recording${count === 1 ? "" : "s"}`;

/** Totals as a line: "24 of 25 recordings · 28 s of 31 s". @param {Totals} totals */
export function totalsWords({ files, all, seconds, allSeconds, unknown }) {
  const count = files === all ? countWords(all) : `${files} of ${countWords(all)}`;
  const [taken, whole] = [showLength(seconds), showLength(allSeconds)];
  if (!allSeconds) return count;
  return [count, taken === whole ? whole : `${taken} of ${whole}`, unknown && `${unknown} not examined yet`]
    .filter(Boolean)
    .join(" · ");
}

/** Write true minus signs. @param {string} text */
const typeset = (text) => text.trim().replace(/(^|[\s(])-(?=\d)/g, "$1−");

const FILE_FIRST = /^[^:;,]*\.[a-z0-9]{2,5}(?=[\s:]|$)/i;

/**
 * A line of the program's as a sentence; one that begins with the name of a file keeps its first letter.
 * @param {string} text
 */
export function sentence(text) {
  const trimmed = typeset(text);
  const begun = FILE_FIRST.test(trimmed) ? trimmed : trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

/** The first words of a note, for a chip; the whole of it is told beside the chip. @param {string} note */
export const shorten = (note) => typeset(note.split(/[:;]|,\s/)[0]);

/** @type {Partial<Record<Recording["state"], [string, Note["kind"], string]>>} */
const STATES = {
  missing: ["missing", "bad", "It was there when the set was examined, and is gone. Bring it back, or examine again."],
  changed: ["changed", "warn", "It has changed since it was examined. Examine again."],
};

/**
 * Notes on a recording, the gravest first.
 * @param {Recording} recording
 * @param {{advised?: boolean, rare?: "mono"|"stereo"|null}} [about] `advised`: the doctor would do something about it;
 *     `rare`: what the fewer of a mixed set are
 * @returns {Note[]}
 */
export function notesOf(recording, { advised = false, rare = null } = {}) {
  const { state, reason, notes } = recording;
  /** @type {Note[]} */
  const found = [];
  if (state === "skipped")
    found.push({
      text: shorten(reason ?? "cannot be used"),
      kind: "bad",
      sentences: [sentence(reason ?? "it cannot be used")],
    });
  const known = STATES[state];
  if (known) found.push({ text: known[0], kind: known[1], sentences: [known[2]] });
  notes.forEach((note, at) =>
    found.push({ text: shorten(note), kind: advised && at === 0 ? "warn" : "plain", sentences: [sentence(note)] }),
  );
  const width = recording.stereo === null ? null : recording.stereo ? "stereo" : "mono";
  if (width && width === rare && !notes.some((note) => note.includes("mono")))
    found.push({ text: width, kind: "plain", sentences: [WIDTHS[width]] });
  return found;
}

const WIDTHS = {
  mono: "It is mono: it stands in the middle of the stereo field.",
  stereo: "It is stereo, unlike most of the others: the result is stereo, with the mono ones in the middle.",
};

/**
 * The kind of which a set has fewer, mono or stereo; null where all are alike.
 * @param {Recording[]} recordings
 * @returns {"mono"|"stereo"|null}
 */
export function rareWidth(recordings) {
  const widths = recordings.filter(({ included, stereo }) => included && stereo !== null);
  const stereo = widths.filter((one) => one.stereo).length;
  if (!stereo || stereo === widths.length) return null;
  return stereo * 2 < widths.length ? "stereo" : "mono";
}

/**
 * A length in a column of lengths, where equal digits stand below each other: "0.33 s", "7.0 s", "3 min 20 s".
 * @param {number} seconds
 */
export const columnLength = (seconds) =>
  seconds < 60 ? `${seconds.toFixed(seconds < 0.995 ? 2 : 1)} s` : showLength(seconds);

/**
 * Words for what has changed in a folder since it was examined; nothing where it has not.
 * @param {Recording[]} recordings
 */
export function changesWords(recordings) {
  const count = (/** @type {string} */ wanted) => recordings.filter(({ state }) => state === wanted).length;
  const found = [
    [count("unknown"), "new"],
    [count("changed"), "changed"],
    [count("missing"), "missing"],
  ].filter(([some]) => some);
  return found.map(([some, word]) => `${some} ${word}`).join(", ");
}
