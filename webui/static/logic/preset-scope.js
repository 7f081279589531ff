// @ts-check
/** The settings that a preset keeps, and the models that it is for. Pure. */

const LEFT_OUT = ["seed", "device"]; // each output has its own
const OF_ONE_MODEL = ["at", "path"]; // places on the map of one model

/** @param {Record<string, any>} asked settings that are not as usual */
export function toPreset(asked) {
  return Object.fromEntries(Object.entries(asked).filter(([name]) => !LEFT_OUT.includes(name)));
}

/**
 * Whether settings mean something in one model only: its own directions, places on its map.
 * @param {Record<string, any>} settings
 */
export function isOfOneModel(settings) {
  const own = Object.keys(settings.sliders ?? {}).some((name) => name.startsWith("discovered"));
  return own || OF_ONE_MODEL.some((name) => settings[name]);
}

/** Whether a preset still is what is set. @param {Record<string, any>} kept @param {Record<string, any>} asked */
export function isAsKept(kept, asked) {
  return flat(toPreset(kept)) === flat(toPreset(asked));
}

/** @param {any} settings @returns {string} the same for the same settings in any order */
const flat = (settings) => JSON.stringify(sort(settings));

/** @param {any} value @returns {any} with the names of all objects in order */
function sort(value) {
  if (!value || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sort(value[name])]),
  );
}
