// @ts-check
/** Settings that exclude each other: what else has to change with a change, and the words for it. Pure. */

const RESTING = { width: 0, distance: 0, movement: "still" };

/**
 * @param {Record<string, any>} change @param {Record<string, any>} settings before it
 * @param {{longest_loop_seconds: number}} limits
 * @returns {{change: Record<string, any>, said: string}} the whole change; nothing is said where nothing else changed
 */
export function fitSettings(change, settings, { longest_loop_seconds: longest }) {
  const next = { ...settings, ...change };
  const more = [fitPlace(change), fitSpace(change, next), fitLoop(change, next, longest)];
  return {
    change: Object.assign({}, change, ...more.map((one) => one.change)),
    said: more
      .map((one) => one.said)
      .filter(Boolean)
      .join(" "),
  };
}

/** An output stays at a place or goes along a path. @param {Record<string, any>} change */
function fitPlace(change) {
  if (change.at) return { change: { path: null }, said: "" };
  return change.path ? { change: { at: null }, said: "" } : { change: {}, said: "" };
}

/** Mono has no space. @param {Record<string, any>} change @param {Record<string, any>} next */
function fitSpace(change, next) {
  const moved = Object.entries(RESTING)
    .filter(([name, rest]) => next[name] !== rest)
    .map(([name]) => name);
  if (next.channels !== "mono" || !moved.length) return { change: {}, said: "" };
  if (change.channels !== "mono")
    return { change: { channels: "auto" }, said: "Mono has no space: channels are auto again." };
  const back = Object.fromEntries(moved.map((name) => [name, RESTING[/** @type {keyof typeof RESTING} */ (name)]]));
  return {
    change: back,
    said: `Mono has no space: ${moved.join(", ")} ${moved.length > 1 ? "are" : "is"} back at rest.`,
  };
}

/**
 * A loop has a longest duration, and no one-shot is one.
 * @param {Record<string, any>} change @param {Record<string, any>} next @param {number} longest
 */
function fitLoop(change, next, longest) {
  if (!next.loop) return { change: {}, said: "" };
  const single = next.one_shot ? { one_shot: false } : {};
  if (next.duration <= longest) return { change: single, said: "" };
  if (change.loop)
    return {
      change: { ...single, duration: longest },
      said: `A loop lasts ${longest} s at most: the duration is ${longest} s.`,
    };
  return { change: { loop: false }, said: `A loop lasts ${longest} s at most: this is none any more.` };
}
