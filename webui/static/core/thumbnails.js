// @ts-check
/**
 * Pictures of recordings, fetched when they are to be seen and kept by what they show. What was asked for last comes
 * first, and what is out of sight again before its turn is never asked for.
 */
import { bytes, part } from "./api.js";

const TOGETHER = 2;
const [COLUMNS, ROWS] = [160, 48];
const MOST_KEPT = 1_500; // 7.7 kB each

/**
 * @typedef {{columns: number, rows: number, cells: Uint8Array, low_hz: number, high_hz: number, seconds: number}}
 *     Picture
 */
/** @typedef {{key: string, path: string, signal: AbortSignal, resolve: (picture: Picture|null) => void}} Wanted */

/** @type {Map<string, Picture>} */
const kept = new Map();
/** @type {Wanted[]} */
const wanted = [];
let running = 0;

/**
 * Where the picture of a recording is, and what tells it from others.
 * @param {string} set
 * @param {{id: string, seconds: number|null, peak_db: number|null}} recording
 */
export const pictureOf = (set, { id, seconds, peak_db }) => ({
  key: [set, id, seconds, peak_db].join(" "),
  path: `/api/sets/${part(set)}/recordings/${part(id)}/picture`,
});

/**
 * @param {{key: string, path: string}} where
 * @param {AbortSignal} signal tells that it is not to be seen any more
 * @returns {Promise<Picture|null>} null where there is none
 */
export function fetchPicture({ key, path }, signal) {
  const known = kept.get(key);
  if (known) return Promise.resolve(known);
  return new Promise((resolve) => {
    wanted.push({ key, path, signal, resolve });
    window.setTimeout(fetchNext, 30); // rows that rush past are gone by then
  });
}

/** A picture that is there already. @param {{key: string}} where */
export const knownPicture = ({ key }) => kept.get(key) ?? null;

async function fetchNext() {
  if (running >= TOGETHER) return;
  const next = wanted.pop();
  if (!next) return;
  if (next.signal.aborted) {
    next.resolve(null);
    fetchNext();
    return;
  }
  running += 1;
  next.resolve(kept.get(next.key) ?? (await fetchOne(next)));
  running -= 1;
  fetchNext();
}

/** @param {Wanted} one @returns {Promise<Picture|null>} */
async function fetchOne({ key, path, signal }) {
  try {
    const { data, header } = await bytes(path, { columns: COLUMNS, rows: ROWS }, signal);
    const number = (/** @type {string} */ name) => Number(header(name));
    const picture = {
      columns: number("Columns"),
      rows: number("Rows"),
      seconds: number("Seconds"),
      low_hz: number("Low-Hz"),
      high_hz: number("High-Hz"),
      cells: new Uint8Array(data),
    };
    kept.set(key, picture);
    if (kept.size > MOST_KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
    return picture;
  } catch {
    return null; // a recording that cannot be read has none; its row says why
  }
}
