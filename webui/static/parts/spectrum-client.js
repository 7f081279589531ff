// @ts-check
/** Sends sounds to the worker that draws their spectra, one worker for the page, and hands finished columns back. */

/** @typedef {{first: number, count: number, cells: Uint8Array, pairs: Int16Array, ended: boolean}} Columns */
/** @typedef {{samples: number, sample_rate: number, channels: number, columns: number, rows: number}} Sound */

/** @type {Worker|null} */
let worker = null;
let last = 0;
/** @type {Map<number, (columns: Columns) => void>} */
const waiting = new Map();

function start() {
  const made = new Worker(new URL("../workers/spectrum.js", import.meta.url), { type: "module", name: "spectrum" });
  made.addEventListener("message", ({ data }) => {
    waiting.get(data.id)?.(data);
    if (data.ended) waiting.delete(data.id);
  });
  return made;
}

/**
 * @param {Sound} sound
 * @param {(columns: Columns) => void} onColumns
 * @returns {{push: (samples: Float32Array) => void, end: () => void, forget: () => void}} `push` takes interleaved
 *     samples, and leaves them to their owner
 */
export function hearSpectrum(sound, onColumns) {
  worker ??= start();
  const id = (last += 1);
  const send = (/** @type {string} */ kind, extra = {}) => worker?.postMessage({ id, kind, ...extra });
  waiting.set(id, onColumns);
  send("begin", { sound });
  return {
    push: (samples) => send("push", { samples }),
    end: () => send("end"),
    forget: () => {
      waiting.delete(id);
      send("forget");
    },
  };
}
