// @ts-check
/** The library in words and in order: models, presets, data sets, and the trash. Pure. */
import { showBytes } from "./numbers.js";
import { countWords } from "./recordings.js";
import { showLength } from "./time-axis.js";

/** @typedef {Record<string, any>} Card as `/api/models` has it */
/** @typedef {{name: string, group: string}} SliderWords of `/api/settings` */

export const ORDERS = [
  { value: "newest", text: "Newest" },
  { value: "name", text: "Name" },
  { value: "seconds", text: "Most sound" },
  { value: "certified", text: "Most certified" },
];
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** @param {Card} card */
const certified = (card) => Object.values(card.sliders).filter((state) => state === "certified").length;

/** @type {Record<string, (a: Card, b: Card) => number>} */
const COMPARE = {
  newest: (a, b) => b.created.localeCompare(a.created),
  name: () => 0,
  seconds: (a, b) => b.seconds - a.seconds,
  certified: (a, b) => certified(b) - certified(a),
};

/** Models in an order; equal ones by name. @param {Card[]} cards @param {string} order one of ORDERS */
export function sortCards(cards, order) {
  const compare = COMPARE[order] ?? COMPARE.newest;
  return [...cards].sort((a, b) => compare(a, b) || names.compare(a.name, b.name));
}

/**
 * Those whose texts hold every word.
 * @template T @param {T[]} items @param {string} words @param {(item: T) => string} textOf
 */
export function search(items, words, textOf) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter((item) => wanted.every((word) => textOf(item).toLowerCase().includes(word)));
}

/**
 * A day as a person says it: "today", "yesterday", "3 November", with the year if it is not this one.
 * @param {string} iso @param {Date} [now]
 */
export function showDay(iso, now = new Date()) {
  const day = new Date(iso);
  if (Number.isNaN(day.getTime())) return "";
  const midnight = (/** @type {Date} */ one) => new Date(one.getFullYear(), one.getMonth(), one.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(day)) / 86_400_000);
  if (days === 0) return "today";
  if (days === 1) return "yesterday";
  const year = day.getFullYear() === now.getFullYear() ? undefined : /** @type {const} */ ("numeric");
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year }).format(day);
}

/** Words below a model's name: "32 recordings · 3 min 12 s · today". @param {Card} card @param {Date} [now] */
export function cardWords(card, now) {
  const made = card.kind === "blend" ? "blend" : countWords(card.files);
  return [made, card.seconds ? showLength(card.seconds) : "", showDay(card.created, now)].filter(Boolean).join(" · ");
}

/**
 * The marks of a model's certificate, in the order of the bank.
 * @param {Record<string, string>} states @param {SliderWords[]} bank
 */
export function marksOf(states, bank) {
  const known = bank
    .filter(({ name }) => name in states)
    .map(({ name, group }) => ({ name, group, state: states[name] }));
  const more = Object.keys(states).filter(
    (name) => !bank.some((one) => one.name === name) && states[name] !== "discovered",
  );
  return [...known, ...more.map((name) => ({ name, group: "discovered", state: states[name] }))];
}

/**
 * Share of outputs that were fed back in the sound a version learned from.
 * @param {Record<string, any>} version a version of a family, or a card
 */
export function syntheticShare({ real_seconds, seconds = 0, synthetic_seconds }) {
  const whole = real_seconds === undefined ? seconds : real_seconds + synthetic_seconds;
  return whole > 0 ? synthetic_seconds / whole : 0;
}

/**
 * The models of a blend: "60 % sax and 40 % tabla".
 * @param {{id: string, weight: number}[]} parents @param {Map<string, string>} names by id; of those that are there
 */
export function parentsWords(parents, names) {
  return listWords(
    parents.map(({ id, weight }) => `${Math.round(100 * weight)} % ${names.get(id) ?? "of a model that is gone"}`),
  );
}

/** @param {string[]} some such as "a, b and c" */
const listWords = (some) =>
  some.length > 1 ? `${some.slice(0, -1).join(", ")} and ${some[some.length - 1]}` : (some[0] ?? "");

/** How far back and forth a slider goes, in words. @param {number|null|undefined} steadiness rank correlation */
export function steadinessWords(steadiness) {
  if (steadiness === null || steadiness === undefined) return "";
  if (steadiness > 0.985) return "never goes back";
  if (steadiness > 0.895) return "steady";
  return steadiness >= 0.6 ? "wavers" : "wanders";
}

/**
 * How far a slider reaches, against what the recordings span, in words.
 * @param {number|null|undefined} reach 1 for all
 */
export function throwWords(reach) {
  if (reach === null || reach === undefined) return "";
  if (reach >= 1.5) return `${Number(reach.toFixed(1))} times as far`;
  return reach >= 0.95 ? "as far" : `${Math.round(100 * reach)} %`;
}

/** How well a slider leaves notes alone, in words. @param {number|null|undefined} kept share of clear ones */
export const keptWords = (kept) => (kept == null ? "" : `keeps ${Math.round(100 * kept)}\u00a0% of the notes`);

/**
 * Side effects as they are written: "still 77%" becomes "still 77 %", which is not broken.
 * @param {string[]|undefined} also
 */
export const alsoWords = (also = []) => also.map((one) => one.replace(/(\d)%/, "$1\u00a0%")).join(", ");

const DEVICES = /** @type {Record<string, string>} */ ({
  cpu: "on the processor",
  cuda: "on the graphics card",
  mps: "on the graphics chip",
});

/**
 * How a model was trained, as pairs of a heading and sentences.
 * @param {Record<string, any>} detail of `/api/models/ID`
 * @returns {[string, string[]][]}
 */
export function trainingFacts(detail) {
  const { described = {} } = detail;
  const training = described.training ?? {};
  /** @type {[string, string[]][]} */
  const facts = [];
  if (typeof training.seconds === "number") {
    const device = DEVICES[String(training.device).split(":")[0]] ?? "";
    const first = `${showLength(Math.round(training.seconds))}${device ? ` ${device}` : ""}, ${training.steps} steps.`;
    facts.push(["Learned for", [first, training.stopped ? "It was stopped early, and kept." : ""].filter(Boolean)]);
  }
  if (detail.seconds)
    facts.push([
      "From",
      [`${showLength(detail.seconds)} of sound, ${detail.channels > 1 ? "stereo" : "mono"}.`, ...fedBack(detail)],
    ]);
  if (typeof training.validation_neper === "number") {
    const apart = (training.validation_neper * 20 * Math.LOG10E).toFixed(1);
    facts.push(["Heard back", [`${apart} dB off on average, in excerpts that it did not learn.`]]);
  }
  if (detail.kind !== "blend") facts.push(["Left out", leftOut(described)]);
  const program = described.program ? `, made with version ${described.program} of the program` : "";
  facts.push(["File", [`${showBytes(detail.size_bytes)}${program}.`]]);
  return facts;
}

/** @param {Record<string, any>} detail */
function fedBack(detail) {
  const share = syntheticShare(detail);
  return share ? [`${Math.max(1, Math.round(100 * share))} % of it are outputs that were fed back.`] : [];
}

/** @param {Record<string, any>} described */
function leftOut({ skipped = [], held_out = [] }) {
  const pairs = skipped.map((/** @type {any} */ one) => (Array.isArray(one) ? one : [one.file, one.reason]));
  const said = pairs.map((/** @type {string[]} */ [file, reason]) => `${file}: ${reason}.`);
  if (held_out.length) said.push(`Held out, to be measured with: ${held_out.join(", ")}.`);
  return said.length ? said : ["Nothing."];
}

/**
 * Words for the contents of the trash: "2 models, 1 preset". @param {Record<string, any[]>} trash
 */
export function trashWords(trash) {
  const kinds = [
    ["models", "model"],
    ["history", "output"],
    ["presets", "preset"],
    ["sets", "data set"],
    ["recordings", "recording"],
  ];
  const counted = kinds.map(([kind, word]) => [trash[kind]?.length ?? 0, word]).filter(([count]) => count);
  return listWords(counted.map(([count, word]) => `${count} ${word}${count === 1 ? "" : "s"}`));
}
