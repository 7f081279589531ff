// @ts-check
/**
 * Files dropped on the window. A drop never leads away from the page. The place that is shown may take it; else a
 * model is imported, a sound with a passport brings its settings back, and everything else is taken as recordings.
 */
import { upload } from "./api.js";

/** @param {import("./app.js").App} app */
export function listenToDrops(app) {
  const mark = (/** @type {boolean} */ over) => document.documentElement.toggleAttribute("data-dropping", over);
  window.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark([...(event.dataTransfer?.types ?? [])].includes("Files"));
  });
  window.addEventListener("dragleave", (event) => event.relatedTarget === null && mark(false));
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const entries = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === "file").map((item) => ({ file: item.getAsFile(), entry: item.webkitGetAsEntry?.() ?? null }));
    if (entries.length) take(app, entries);
  });
}

/**
 * Take what was dropped, or was handed over by another start of the program.
 * @param {import("./app.js").App} app
 * @param {{file: File|null, entry: FileSystemEntry|null}[]} entries
 */
export async function take(app, entries) {
  const models = entries.filter(({ file }) => file && /\.sda$/i.test(file.name));
  for (const { file } of models) await app.attempt(importModel(app, /** @type {File} */ (file)));
  const rest = entries.filter((one) => !models.includes(one));
  if (!rest.length) return;
  const [only] = rest;
  if (app.place !== "collect" && rest.length === 1 && only.file && (await restore(app, only.file))) return;
  app.pendingDrop = rest;
  app.go("collect");
  app.events.dispatchEvent(new Event("drop"));
}

/** @param {import("./app.js").App} app @param {File} file */
export async function importModel(app, file) {
  const job = await upload("POST", "/api/jobs/import", file);
  app.say(`Importing ${file.name}`);
  await app.state.ask();
  const ended = await app.state.untilEnded(job.id);
  if (ended.state === "done") app.say(`${ended.result.name} is in your library`, { words: "Play it", run: () => play(app, ended.result.model) });
  else if (ended.error) app.fail(ended.error);
}

/** @param {import("./app.js").App} app @param {string} model */
function play(app, model) {
  app.session.setModel(model);
  app.go("play");
}

/** Bring back the settings that made a sound; false where it has no passport. @param {import("./app.js").App} app @param {File} file */
async function restore(app, file) {
  const found = await upload("POST", "/api/passports", file).catch(() => null);
  if (!found?.passport) return false;
  for (const note of found.notes) app.say(note);
  if (found.model) app.session.setModel(found.model);
  app.session.replace({ ...found.settings, seed: found.seed }, `Settings of ${file.name}`);
  app.go("play");
  app.say(`These are the settings that made ${file.name}`, { words: "Undo", run: () => app.undo() });
  return true;
}
