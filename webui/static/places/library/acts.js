// @ts-check
/** Acts on things in the library: each with its words, and with the way back. */
import { get, part, patch, post, remove } from "../../core/api.js";

/** @typedef {import("../../core/app.js").App} App */
/** @typedef {Record<string, any>} Thing */
/** @typedef {"models"|"presets"|"sets"|"history"} Noun */

const WORDS = { models: "model", presets: "preset", sets: "data set", history: "output" };

/** @param {Noun} noun @param {string} id */
const address = (noun, id) => `/api/${noun}/${part(id)}`;

/** The name of a thing with its version, where there are several. @param {Thing} model */
export const fullName = ({ name, version }) => (version > 1 ? `${name}, version ${version}` : name);

/** @param {Noun} noun @param {Thing} thing */
export const nameOf = (noun, thing) =>
  noun === "models" ? fullName(thing) : noun === "history" ? `output ${thing.number}` : thing.name;

/**
 * Change what is written on something; undone, it is as it was before.
 * @param {App} app @param {Noun} noun @param {Thing} thing @param {Record<string, any>} values
 * @returns {Promise<Thing|null>} null where it was refused
 */
export async function label(app, noun, thing, values) {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, thing[name] ?? ""]));
  if (JSON.stringify(before) === JSON.stringify(values)) return thing;
  const words =
    "name" in values
      ? `Rename ${thing.name} to ${values.name}`
      : `Change ${Object.keys(values).join(", ")} of ${thing.name}`;
  const call = (/** @type {Record<string, any>} */ to) => patch(address(noun, thing.id), to);
  const done = await app.attempt(app.history.do({ words, redo: () => call(values), undo: () => call(before) }));
  app.state.ask();
  return done;
}

/**
 * The model that is played when one is gone: another version of it, else the newest.
 * @param {Thing} model @returns {Promise<string|null>}
 */
async function findOther(model) {
  const { models } = await get("/api/models", { all_versions: 1 });
  const usable = models.filter((/** @type {Thing} */ one) => one.id !== model.id && !one.problem);
  return (usable.find((/** @type {Thing} */ one) => one.family === model.family) ?? usable[0])?.id ?? null;
}

/**
 * Put something into the trash, and offer the way back.
 * @param {App} app @param {Noun} noun @param {Thing} thing @returns {Promise<boolean>}
 */
export async function discard(app, noun, thing) {
  const name = nameOf(noun, thing);
  const wasInUse = noun === "models" && app.session.model === thing.id;
  const undo = async () => {
    await post(`${address(noun, thing.id)}/restore`);
    if (wasInUse) app.session.adopt(thing.id);
  };
  const redo = async () => {
    if (wasInUse) app.session.adopt(await findOther(thing)); // before it is gone: nobody asks for it any more
    return remove(address(noun, thing.id)).catch((error) => {
      if (wasInUse) app.session.adopt(thing.id);
      throw error;
    });
  };
  const done = await app.attempt(app.history.do({ words: `Delete ${name}`, redo, undo }));
  if (!done) return false;
  const notes = (done.notes ?? []).map(
    (/** @type {string} */ note) => ` ${note.charAt(0).toUpperCase()}${note.slice(1)}.`,
  );
  app.say(`Deleted ${name}${notes.length ? "." : ""}${notes.join("")}`, { words: "Undo", run: () => app.undo() });
  app.state.ask();
  return true;
}

/** Bring something back from the trash. @param {App} app @param {Noun} noun @param {Thing} thing */
export async function restore(app, noun, thing) {
  const name = nameOf(noun, thing);
  const step = {
    words: `Restore ${name}`,
    redo: () => post(`${address(noun, thing.id)}/restore`),
    undo: () => remove(address(noun, thing.id)),
  };
  const back = await app.attempt(app.history.do(step));
  if (!back) return;
  const renamed =
    noun !== "history" && back.name !== thing.name ? ` It is called ${back.name} now, because its name was taken.` : "";
  app.say(`The ${WORDS[noun]} ${noun === "history" ? thing.number : name} is back.${renamed}`, {
    words: "Undo",
    run: () => app.undo(),
  });
  app.state.ask();
}

/** Put a recording back into its data set. @param {App} app @param {Thing} recording @param {string} [setName] */
export async function restoreRecording(app, recording, setName) {
  const back = await app.attempt(patch(address("sets", recording.set), { restore: [recording.id] }));
  if (back) app.say(`${recording.name} is in ${setName ?? back.name} again`);
  app.state.ask();
}

/**
 * Let a model's name mean this version.
 * @param {App} app @param {Thing} model @param {string|null} before id of the one that it means now
 */
export async function useVersion(app, model, before) {
  const use = (/** @type {string} */ id) => post(`${address("models", id)}/use`);
  const step = {
    words: `Use version ${model.version} of ${model.name}`,
    redo: () => use(model.id),
    undo: () => before && use(before),
  };
  if (!(await app.attempt(app.history.do(step)))) return;
  app.say(`${model.name} means version ${model.version} from now on`, { words: "Undo", run: () => app.undo() });
  app.state.ask();
}

/** Play a model. @param {App} app @param {string} id */
export function play(app, id) {
  app.session.setModel(id);
  app.go("play");
}

/** Write a model into a file, and offer to show it. @param {App} app @param {Thing} model */
export async function exportModel(app, model) {
  const job = await app.attempt(post("/api/jobs/export-model", { model: model.id }));
  if (!job) return;
  await app.state.ask();
  const ended = await app.state.untilEnded(job.id);
  if (ended.state === "failed") app.fail(ended.error);
  if (ended.state !== "done") return;
  const file = String(ended.result.path).split(/[\\/]/).pop();
  app.say(`${file} is written`, {
    words: "Show in folder",
    run: () => app.attempt(post("/api/system/reveal", { folder: "export" })),
  });
}

/** Measure the sliders of a model anew. @param {App} app @param {Thing} model */
export async function measure(app, model) {
  const job = await app.attempt(post("/api/jobs/measure", { model: model.id }));
  if (!job) return;
  await app.state.ask();
  const ended = await app.state.untilEnded(job.id);
  if (ended.state === "failed") app.fail(ended.error);
  else if (ended.state === "done") app.say(`The sliders of ${model.name} are measured`);
  else if (ended.error) app.say(ended.error.message);
}
