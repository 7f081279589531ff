// @ts-check
/** Acts on outputs of the history; each that changes something can be taken back. */
import { get, part, patch, post, remove } from "../../../core/api.js";

/** @typedef {import("../../../core/app.js").App} App */
/** @typedef {Record<string, any>} Entry */

/** @param {Entry} entry */
const address = ({ id }) => `/api/history/${part(id)}`;

/**
 * Write something on an output.
 * @param {App} app @param {Entry} entry @param {{star?: boolean, note?: string, tags?: string[]}} labels
 * @param {string} words of the step
 * @returns {Promise<Entry|null>}
 */
export function label(app, entry, labels, words) {
  const before = Object.fromEntries(Object.keys(labels).map((name) => [name, entry[name]]));
  const step = {
    words,
    redo: () => patch(address(entry), labels),
    undo: () => patch(address(entry), before).then(() => app.state.ask()),
  };
  return app.attempt(app.history.do(step));
}

/** @param {App} app @param {Entry} entry */
export const toggleStar = (app, entry) =>
  label(app, entry, { star: !entry.star }, `${entry.star ? "Take the star from" : "Star"} output ${entry.number}`);

/** Put an output into the trash, with a way back. @param {App} app @param {Entry} entry */
export async function deleteEntry(app, entry) {
  const words = `Delete output ${entry.number}`;
  const undo = () => post(`${address(entry)}/restore`).then(() => app.state.ask());
  const done = await app.attempt(app.history.do({ words, redo: () => remove(address(entry)), undo }));
  if (!done) return;
  app.say(`Output ${entry.number} is deleted; its file stays where it is`, { words: "Undo", run: () => app.undo() });
  app.state.ask();
}

/** Make an output again, and say whether it is the same. @param {App} app @param {Entry} entry */
export async function replay(app, entry) {
  const job = await app.attempt(post("/api/jobs/replay", { output: entry.id }));
  if (!job) return;
  app.say(`Making output ${entry.number} again`);
  app.state.ask();
  const ended = await app.state.untilEnded(job.id);
  if (ended.error) return app.fail(ended.error);
  if (ended.state !== "done") return app.say("Nothing was made: it was stopped");
  const { same, notes } = ended.result ?? {};
  const found = same ? "it is the same, sample by sample" : same === false ? "it is not the same" : "";
  app.say([`Output ${entry.number} is made again`, found, ...(notes ?? [])].filter(Boolean).join(": "));
}

/** Show the file of an output in the file manager. @param {App} app @param {Entry} entry */
export const reveal = (app, entry) => app.attempt(post("/api/system/reveal", { history: entry.id }));

/** Let a model learn from an output it made: for how long is asked there. @param {App} app @param {Entry} entry */
export const feedBack = (app, entry) => app.go("train", "feedback", entry.model, entry.id);

/** Take over what an output was made with: the model, and all settings. @param {App} app @param {Entry} entry */
export async function takeSettings(app, entry) {
  const { session } = app;
  if (entry.model !== session.model) {
    const card = await app.attempt(get(`/api/models/${part(entry.model)}`));
    if (!card) return;
    session.setModel(entry.model);
  }
  session.replace(settingsOf(entry), `Take the settings of output ${entry.number}`);
  app.say(`These are the settings of output ${entry.number}`, { words: "Undo", run: () => app.undo() });
}

/** Settings as they are explored: of an own HRTF the file becomes its id again. @param {Entry} entry */
export function settingsOf(entry) {
  const { hrtf } = entry.settings;
  const id = hrtf
    ? String(hrtf)
        .split(/[\\/]/)
        .pop()
        ?.replace(/\.[^.]*$/, "")
    : null;
  return { ...entry.settings, seed: entry.seed, hrtf: id };
}

/** Say where the file of an output is now. @param {App} app @param {Entry} entry @param {string} file */
export async function locate(app, entry, file) {
  const found = await app.attempt(post(`${address(entry)}/locate`, { file }));
  if (found) app.say(`Output ${entry.number} is found again`);
  return found;
}

const TYPES = /** @type {Record<string, string>} */ ({
  wav: "audio/wav",
  flac: "audio/flac",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  mp3: "audio/mpeg",
});

/** Let the file of an output be dragged out of the window. @param {DragEvent} event @param {Entry} entry */
export function dragOut(event, entry) {
  const url = new URL(`${address(entry)}/file`, window.location.href).href;
  const type = TYPES[entry.file_name.split(".").pop().toLowerCase()] ?? "application/octet-stream";
  event.dataTransfer?.setData("DownloadURL", `${type}:${entry.file_name}:${url}`);
  event.dataTransfer?.setData("text/uri-list", url);
  if (event.dataTransfer) event.dataTransfer.effectAllowed = "copy";
}
