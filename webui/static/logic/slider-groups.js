// @ts-check
/**
 * The sliders of a model in the order of the bank: by group, the discovered ones apart, those that are off last.
 * Pure.
 */

/** @typedef {import("./certificate.js").Slider} Slider */
/** @typedef {{name: string, low: string, high: string, group: string, unit: string, measures: string}} SliderWords */

/** Ends of the sliders that every output has, in words. */
const SPACE_ENDS = /** @type {Record<string, [string, string]>} */ ({
  width: ["mono", "wide"],
  distance: ["near", "far"],
});

/**
 * @param {Slider[]} measured as `/api/models/ID/sliders` has them
 * @param {SliderWords[]} words of `/api/settings`
 * @returns {{groups: {name: string, sliders: Slider[]}[], discovered: Slider[], off: Slider[]}}
 */
export function groupSliders(measured, words) {
  const groupOf = new Map(words.map(({ name, group }) => [name, group]));
  const known = measured.map((one) => ({ ...one, group: groupOf.get(one.name) ?? "discovered" }));
  const on = known.filter((one) => one.state !== "off");
  const names = [...new Set(words.map(({ group }) => group))];
  const groups = names.map((name) => ({ name, sliders: on.filter((one) => one.group === name) }));
  return {
    groups: groups.filter(({ sliders }) => sliders.length),
    discovered: on.filter((one) => one.group === "discovered"),
    off: known.filter((one) => one.state === "off"),
  };
}

/** The sliders of space, which no certificate speaks of. @param {string[]} names @returns {Slider[]} */
export function spaceSliders(names) {
  return names.map((name) => {
    const [low, high] = SPACE_ENDS[name] ?? ["", ""];
    return { name, state: "plain", group: "space", low, high };
  });
}

/** How many sliders keep their word, in words. @param {Slider[]} measured @returns {string} */
export function summarise(measured) {
  const named = measured.filter((one) => one.state !== "discovered");
  const certified = named.filter((one) => one.state === "certified").length;
  if (!named.length) return "";
  if (named.every((one) => one.state === "unmeasured")) return "not measured";
  return certified === named.length ? "all certified" : `${certified} of ${named.length} certified`;
}
