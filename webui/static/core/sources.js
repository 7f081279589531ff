// @ts-check
/** Where sound comes from, as the player takes it: previews, renders under way, outputs, recordings, moments of a map. */
import { openSound, part, withQuery } from "./api.js";
import { receive, SAMPLE_RATE, Take } from "./take.js";

/**
 * @typedef {object} Source
 * @property {(first: number) => {path: string, body?: any}} open what to ask for, to hear it from a sample on
 * @property {number|null} [total] samples of the whole, if known
 * @property {boolean} [loop]
 * @property {boolean} [circular] whether the stream of a loop goes once around from where it begins
 * @property {number} [gain] linear
 * @property {Take} [take] that is there already
 * @property {string} [key] of a preview: the same for the same sound
 * @property {{page: string, number: number}} [asked] of a preview: its last question
 */

/**
 * Ask for a sound from a sample on; the take fills while it arrives.
 * @param {Source} source @param {number} position @param {AbortSignal} signal ends it
 * @returns {Promise<Take|null>} null where it is overtaken
 */
export async function openTake(source, position, signal) {
  const { path, body } = source.open(position);
  const sound = await openSound(path, body, signal).catch((error) => {
    if (signal.aborted || error.code === "overtaken") return null;
    throw error;
  });
  if (!sound) return null;
  const take = new Take({ ...sound, total: source.total, circular: source.circular });
  receive(sound, take, signal);
  return take;
}

const page = Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => (byte % 36).toString(36)).join("");
let number = 0;

/**
 * An output that nobody has made yet, from any second on. `asked` tells its last question from others: `/api/previews`
 * knows what became of it.
 * @param {string} model @param {Record<string, any>} settings
 * @returns {Source}
 */
export function previewSource(model, settings) {
  const seconds = settings.one_shot ? null : settings.duration;
  return {
    open(first) {
      const request = previewRequest(page, model, settings, "from", first / SAMPLE_RATE);
      this.asked = { page: request.body.page, number: request.body.number };
      return request;
    },
    total: seconds === null ? null : Math.round(seconds * SAMPLE_RATE),
    loop: Boolean(settings.loop),
    circular: Boolean(settings.loop),
  };
}

/**
 * One event of an output by itself: the one that sounds at a second.
 * @param {string} model @param {Record<string, any>} settings @param {number} seconds
 * @returns {Source}
 */
export const eventSource = (model, settings, seconds) => ({
  open() {
    const request = previewRequest(`${page}e`, model, settings, "event", seconds);
    this.asked = { page: request.body.page, number: request.body.number };
    return request;
  },
});

/** @param {string} who @param {string} model @param {any} settings @param {string} what @param {number} at */
const previewRequest = (who, model, settings, what, at) => ({
  path: "/api/previews",
  body: { page: who, number: ++number, model, settings, what, at },
});

/** A render that is being made. @param {string} job @param {Record<string, any>} settings @returns {Source} */
export const jobSource = (job, settings) => ({
  open: (first) => ({ path: withQuery(`/api/jobs/${part(job)}/sound`, { from: first }) }),
  total: settings.one_shot ? null : Math.round(settings.duration * SAMPLE_RATE),
  loop: Boolean(settings.loop),
});

/** An output of the history. @param {Record<string, any>} entry @param {{loop?: boolean, gain?: number}} [how] @returns {Source} */
export const outputSource = (entry, { loop = Boolean(entry.settings?.loop), gain = 1 } = {}) => ({
  open: (first) => ({ path: withQuery(`/api/history/${part(entry.id)}/sound`, { start: first / SAMPLE_RATE }) }),
  total: Math.round(entry.seconds * SAMPLE_RATE),
  loop,
  gain,
});

/** A recording of a data set. @param {string} set @param {string} recording @returns {Source} */
export const setSource = (set, recording) => ({
  open: (first) => ({
    path: withQuery(`/api/sets/${part(set)}/recordings/${part(recording)}/sound`, { start: first / SAMPLE_RATE }),
  }),
});

/** The recording behind a moment of a model's map. @param {string} model @param {number} moment @param {number} [seconds] @returns {Source} */
export const momentSource = (model, moment, seconds = 1.5) => ({
  open: () => ({ path: withQuery(`/api/models/${part(model)}/moments/${moment}/sound`, { seconds }) }),
});

/** A stretch of a recording that a model keeps. @param {string} model @param {number} index @param {number} start @param {number} seconds @returns {Source} */
export const recordingSource = (model, index, start, seconds) => ({
  open: () => ({ path: withQuery(`/api/models/${part(model)}/recordings/${index}/sound`, { start, seconds }) }),
});

/** A recording as the model in training hears it. @param {string} job @param {"model"|"original"} side @returns {Source} */
export const hearingSource = (job, side) => ({
  open: () => ({ path: withQuery(`/api/jobs/${part(job)}/hear`, { side }) }),
  loop: true,
});
