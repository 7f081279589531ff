// @ts-check
/** The sound that is on, as the place shows it: where it comes from, what it is made with, what is known of it. */
import { get, part } from "../../core/api.js";

/**
 * @typedef {object} On
 * @property {"preview"|"making"|"output"} kind
 * @property {Record<string, any>|null} entry of the history
 * @property {Record<string, any>} settings it is made with
 * @property {string} model id
 * @property {Nearest|null} novelty
 * @property {string[]} notes what a person should know of it
 */
/**
 * @typedef {{nearest: string, at: number, score: number}} Nearest the recording it is closest to, where in it, how
 * new it is
 */

/** The sound that is explored. @param {import("../../core/session.js").Session} session @returns {On} */
export function ofSession({ settings, model }) {
  return { kind: "preview", entry: null, settings, model: model ?? "", novelty: null, notes: [] };
}

/** An output of the history. @param {Record<string, any>} entry @param {string[]} [notes] @returns {On} */
export function ofEntry(entry, notes = []) {
  return {
    kind: "output",
    entry,
    settings: entry.settings,
    model: entry.model,
    novelty: readNovelty(entry.novelty),
    notes,
  };
}

/**
 * The outcome of a preview, once all of it is there.
 * @param {import("../../core/take.js").Take} take @param {{page: string, number: number}} asked
 * @returns {Promise<{novelty: Nearest|null, notes: string[]}|null>} null where the program does not know any more
 */
export async function waitForFindings(take, asked) {
  await new Promise((resolve) => {
    const look = () => take.complete && resolve(undefined);
    take.onMore(look);
    look();
  });
  if (!take.isWhole) return null; // overtaken: nobody looked at all of it
  const found = await get(`/api/previews/${part(asked.page)}/${asked.number}`).catch(() => null);
  return found && { novelty: readNovelty(found.novelty), notes: found.notices };
}

/** @param {any} novelty @returns {Nearest|null} */
const readNovelty = (novelty) => (novelty?.nearest ? novelty : null);
