// @ts-check
/** Acts on presets: each can be taken back. */
import { part, patch, post, remove } from "../../core/api.js";
import { isOfOneModel, toPreset } from "../../logic/preset-scope.js";

/** @typedef {Record<string, any>} Preset */

/**
 * Keep what is set under a name; one of the same name is replaced where `replaced` says so.
 * @param {import("../../core/app.js").App} app @param {string} name @param {Preset|null} [replaced]
 * @returns {Promise<Preset>}
 */
export function savePreset(app, name, replaced = null) {
  const settings = toPreset(app.session.asked);
  const model = isOfOneModel(settings) || replaced?.model ? app.session.model : null;
  /** @type {Preset|null} */
  let made = null;
  const redo = async () => {
    if (made && replaced) await remove(`/api/presets/${part(replaced.id)}`);
    made = made
      ? await post(`/api/presets/${part(made.id)}/restore`)
      : await post("/api/presets", { name, settings, model, replace: Boolean(replaced) });
    return made;
  };
  const undo = async () => {
    await remove(`/api/presets/${part(/** @type {Preset} */ (made).id)}`);
    if (replaced) await post(`/api/presets/${part(replaced.id)}/restore`);
  };
  return app.history.do({ words: `Save preset ${name}`, redo, undo });
}

/**
 * @param {import("../../core/app.js").App} app @param {Preset} preset @param {string} name @returns {Promise<Preset>}
 */
export function renamePreset(app, preset, name) {
  const call = (/** @type {string} */ one) => patch(`/api/presets/${part(preset.id)}`, { name: one });
  return app.history.do({
    words: `Rename preset ${preset.name}`,
    redo: () => call(name),
    undo: () => call(preset.name),
  });
}

/** @param {import("../../core/app.js").App} app @param {Preset} preset @returns {Promise<Preset>} */
export function deletePreset(app, preset) {
  const address = `/api/presets/${part(preset.id)}`;
  return app.history.do({
    words: `Delete preset ${preset.name}`,
    redo: () => remove(address),
    undo: () => post(`${address}/restore`),
  });
}

/**
 * Take over what a preset sets; the seed stays.
 * @param {import("../../core/app.js").App} app @param {Preset} preset
 * @returns {Promise<string[]>} what of it does not work in this model
 */
export async function applyPreset(app, preset) {
  const { model, settings } = app.session;
  const applied = await post(`/api/presets/${part(preset.id)}/apply`, { model, settings: { seed: settings.seed } });
  app.session.replace(applied.settings, `Apply preset ${preset.name}`);
  return applied.notes;
}
