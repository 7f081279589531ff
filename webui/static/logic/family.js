// @ts-check
/**
 * The family of a model as a tree shows it: its versions, the models it was blended of, and the blends made of it.
 * Pure.
 */
import { parentsWords, syntheticShare } from "./library.js";
import { countWords } from "./recordings.js";
import { showLength } from "./time-axis.js";

/** @typedef {Record<string, any>} Card */
/** @typedef {import("../widgets/family-tree.js").Version} Version */

/**
 * @param {Card} model in full, with `versions`, the latest first
 * @param {Card[]} all every version of each model @param {Card[]} deleted models in the trash
 * @returns {Version[]} the older first
 */
export function familyOf(model, all, deleted) {
  const known = new Map([...deleted, ...all].map((card) => [card.id, card]));
  /** @type {Map<string, Card>} */
  const members = new Map();
  const add = (/** @type {string} */ id) => {
    const card = known.get(id);
    if (!card || members.has(id)) return;
    members.set(id, card);
    for (const parent of card.parents) add(parent.id);
  };
  for (const version of model.versions ?? []) add(version.id);
  for (const card of deleted) if (card.family === model.family) add(card.id);
  add(model.id);
  const own = new Set(members.keys());
  for (const card of all) if (card.parents.some((/** @type {any} */ parent) => own.has(parent.id))) add(card.id);
  return [...members.values()]
    .sort((a, b) => a.created.localeCompare(b.created) || a.version - b.version)
    .map(toVersion);
}

/** @param {Card} card @returns {Version} */
function toVersion(card) {
  return {
    id: card.id,
    name: card.version > 1 ? `${card.name} ${card.version}` : card.name,
    words: card.kind === "blend" ? "blend" : countWords(card.files),
    synthetic: syntheticShare(card),
    current: card.current,
    deleted: Boolean(card.deleted),
    parents: card.parents,
  };
}

/** Sentences on how a model has grown. @param {Card} model in full */
export function growthWords(model) {
  const version = (model.versions ?? []).find((/** @type {any} */ one) => one.id === model.id);
  if (model.kind === "blend") return blendWords(model, version);
  const said = [];
  if (model.versions?.length > 1) said.push(`This is version ${model.version} of ${model.versions.length}.`);
  const named = (model.versions ?? []).find((/** @type {any} */ one) => one.current);
  if (named && named.id !== model.id) said.push(`The name means version ${named.version} now.`);
  if (!version || model.versions.length < 2)
    said.push(
      "It is the only version. With more recordings, or with outputs that are fed back, it grows; this version stays.",
    );
  const share = version ? syntheticShare(version) : 0;
  if (share) {
    const [real, fed] = [version.real_seconds, version.synthetic_seconds].map(showLength);
    const percent = Math.max(1, Math.round(100 * share));
    said.push(`It learned from ${real} of recordings and ${fed} of outputs that were fed back, which is ${percent} %.`);
  }
  const drift = version?.drift_percent;
  if (typeof drift === "number") {
    if (drift >= 0.5)
      said.push(`It is ${Math.round(drift)} % farther from its recordings than the version that learned them first.`);
    else said.push("It is as near to its recordings as the version that learned them first.");
  }
  return said.join(" ");
}

/** @param {Card} model @param {any} version */
function blendWords(model, version) {
  const named = (version?.parents ?? []).filter((/** @type {any} */ one) => one.name);
  const names = new Map(
    named.map((/** @type {any} */ one) => [one.id, one.name.replace(/@1$/, "").replace("@", ", version ")]),
  );
  return `It is a blend: ${parentsWords(model.parents, names)}. It needs these models, and cannot grow by itself.`;
}
