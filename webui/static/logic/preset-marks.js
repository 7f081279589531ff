// @ts-check
/** Marks of a preset for its row in a list: which sliders, how far, and the rest in words. Pure. */
import { showSigned } from "./numbers.js";
import { showLength } from "./time-axis.js";

const SPACE = ["width", "distance"];

/**
 * @typedef {{name: string, group: string, points: [number, number][]}} Mark `points`: share of the time, position −1
 * to 1
 */

/**
 * The sliders that a preset moves, in the order of the bank.
 * @param {Record<string, any>} settings @param {{name: string, group: string}[]} bank @returns {Mark[]}
 */
export function presetMarks(settings, bank) {
  const moved = new Map(
    Object.entries({ ...settings.sliders, ...Object.fromEntries(SPACE.map((name) => [name, settings[name] ?? 0])) }),
  );
  const order = [
    ...bank.map(({ name }) => name),
    ...[...moved.keys()].filter((name) => name.startsWith("discovered")).sort(),
    ...SPACE,
  ];
  const groups = new Map(bank.map(({ name, group }) => [name, group]));
  return order.flatMap((name) => {
    const value = moved.get(name);
    if (value === undefined || value === 0) return [];
    return [
      { name, group: groups.get(name) ?? (SPACE.includes(name) ? "space" : "discovered"), points: toPoints(value) },
    ];
  });
}

/** @param {number|[number, number][]} value @returns {[number, number][]} */
function toPoints(value) {
  if (typeof value === "number")
    return [
      [0, value / 10],
      [1, value / 10],
    ];
  const last = value.length ? value[value.length - 1][0] : 1;
  return value.map(([at, height]) => [last ? at / last : 0, height / 10]);
}

/** A mark in words: "brightness −6.0", "texture follows a lane". @param {Mark} mark */
export function markWords({ name, points }) {
  const still = points.every(([, height]) => height === points[0][1]);
  return still ? `${name} ${showSigned(10 * (points[0]?.[1] ?? 0))}` : `${name} follows a lane`;
}

/** Few words for all else that a preset sets. @param {Record<string, any>} settings */
export function restWords(settings) {
  const said = [];
  if (settings.one_shot) said.push("one shot");
  else if (settings.duration) said.push(showLength(settings.duration));
  if (typeof settings.density === "number") said.push(`${settings.density} a second`);
  if (typeof settings.flow === "number") said.push(`flow ${settings.flow}`);
  if (typeof settings.novelty === "number") said.push(`novelty ${settings.novelty}`);
  if (typeof settings.source === "number") said.push(`source ${settings.source}`);
  if (settings.loop) said.push("loop");
  if (settings.movement && settings.movement !== "still") said.push(settings.movement);
  if (settings.path) said.push("a path");
  else if (settings.at) said.push("a place");
  if (Object.keys(settings.blend ?? {}).length) said.push("blend");
  return said.join(" · ");
}
