// @ts-check
/**
 * Maps of models as thumbnails: fetched when they are to be seen, two at a time, the last asked for first; kept by the
 * model's id, because a model never changes.
 */
import { get, part } from "../../core/api.js";

const TOGETHER = 2;
const SETTLED_MS = 90; // after which a card is not rushing past
const MOST_KEPT = 400;
const MOST_DOTS = 600;

/** @typedef {{places: number[][], group: string, words: {x: string[], y: string[]}}} Map_ */
/** @typedef {{model: string, signal: AbortSignal, resolve: (map: Map_|null) => void}} Wanted */

/** @type {Map<string, Map_>} */
const kept = new Map();
/** @type {Wanted[]} */
const wanted = [];
let running = 0;

/**
 * The map of a model; that of a blend shows those of its models, laid over each other.
 * @param {Record<string, any>} model @param {{name: string, group: string}[]} bank @param {AbortSignal} signal
 * @returns {Promise<Map_|null>}
 */
export async function mapOf(model, bank, signal) {
  if (model.problem) return null;
  if (model.kind !== "blend") return fetchMap(model.id, bank, signal);
  const maps = await Promise.all(model.parents.map((/** @type {any} */ parent) => fetchMap(parent.id, bank, signal)));
  return { group: "harmony", words: { x: ["", ""], y: ["", ""] }, places: maps.flatMap((map) => map?.places ?? []) };
}

/**
 * @param {string} model @param {{name: string, group: string}[]} bank
 * @param {AbortSignal} signal tells that it is not to be seen any more
 * @returns {Promise<Map_|null>} null where there is none
 */
function fetchMap(model, bank, signal) {
  const known = kept.get(model);
  if (known) return Promise.resolve(known);
  return new Promise((resolve) => {
    wanted.push({ model, signal, resolve });
    window.setTimeout(() => next(bank), SETTLED_MS); // cards that rush past are gone by then
  });
}

/** @param {{name: string, group: string}[]} bank */
async function next(bank) {
  if (running >= TOGETHER) return;
  const one = wanted.pop();
  if (!one) return;
  if (one.signal.aborted) one.resolve(null);
  else {
    running += 1;
    one.resolve(kept.get(one.model) ?? (await fetchOne(one, bank)));
    running -= 1;
  }
  next(bank);
}

/** @param {Wanted} one @param {{name: string, group: string}[]} bank */
async function fetchOne({ model, signal }, bank) {
  const report = await get(`/api/models/${part(model)}/map`, {}, signal).catch(() => null);
  if (!report) return null;
  const map = toDots(report, bank);
  kept.set(model, map);
  if (kept.size > MOST_KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
  return map;
}

/** @param {any} report of `/api/models/ID/map` @param {{name: string, group: string}[]} bank @returns {Map_} */
function toDots({ moments, x, y }, bank) {
  const name = x[0]?.name ?? bank[0].name;
  const values = moments.map((/** @type {any} */ one) => one.values[name] ?? 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = Math.max(1, Math.ceil(moments.length / MOST_DOTS));
  const places = moments.flatMap((/** @type {any} */ one, /** @type {number} */ at) =>
    at % step ? [] : [[one.x, one.y, (values[at] - low) / (high - low || 1)]],
  );
  const ends = (/** @type {any[]} */ meanings) =>
    ["low", "high"].map((end) =>
      meanings
        .slice(0, 2)
        .map((one) => one[end])
        .join(" · "),
    );
  return { places, group: bank.find((one) => one.name === name)?.group ?? "timbre", words: { x: ends(x), y: ends(y) } };
}
