// @ts-check
/** The ground of a training: a set to learn, a set to grow a model with, or outputs that go back into it. */
import { get, part, post } from "../../core/api.js";
import { expectSet } from "../../logic/training.js";
import { showLength } from "../../logic/time-axis.js";

/** @typedef {"set"|"extend"|"feedback"} Kind */
/**
 * @typedef {object} Asked
 * @property {Kind} kind
 * @property {Record<string, any>[]} sets to choose from
 * @property {Record<string, any>|null} set with its recordings
 * @property {Record<string, any>|null} model that grows
 * @property {Record<string, any>[]} outputs that go back
 */

/**
 * @param {Kind} kind @param {string[]} ids set: [set]; extend: [model, set]; feedback: [model, output …]
 * @param {string|undefined} usual the set that was open last
 * @returns {Promise<Asked>}
 */
export async function gather(kind, ids, usual) {
  const { sets } = await get("/api/sets");
  const wanted = kind === "set" ? ids[0] : kind === "extend" ? ids[1] : undefined;
  const chosen = [wanted, usual].find((id) => sets.some((/** @type {any} */ one) => one.id === id)) ?? sets[0]?.id;
  const [set, model, outputs] = await Promise.all([
    chosen && kind !== "feedback" ? getSet(chosen) : null,
    kind === "set" ? null : get(`/api/models/${part(ids[0])}`),
    kind === "feedback"
      ? Promise.all(
          ids
            .slice(1)
            .flatMap((id) => id.split(","))
            .map((id) => get(`/api/history/${part(id)}`)),
        )
      : [],
  ]);
  return { kind, sets, set, model, outputs };
}

/** @type {Record<Kind, {heading: (model: string) => string, wall: string}>} */
const WORDS = {
  set: { heading: () => "Learn from recordings", wall: "Learned from" },
  extend: { heading: (model) => `Grow ${model}`, wall: "Learned as well" },
  feedback: { heading: (model) => `Feed outputs back into ${model}`, wall: "Fed back" },
};

/**
 * Words for what is asked for: a heading, what can be expected, and what stands above the pictures.
 * @param {Asked} asked
 */
export function tellAsked({ kind, set, model, outputs }) {
  const { heading, wall } = WORDS[kind];
  const seconds = outputs.reduce((sum, one) => sum + one.seconds, 0);
  const count = outputs.length === 1 ? "One output" : `${outputs.length} outputs`;
  const lead =
    kind === "feedback"
      ? `${count}, ${showLength(seconds)}, marked as made by a model for good.`
      : set
        ? expectSet({ files: set.files, seconds: set.included_seconds }).join(" ")
        : "There is no data set yet: collect some recordings first.";
  return { heading: heading(model?.name ?? ""), lead, wall };
}

/** @param {string} id */
const getSet = (id) => get(`/api/sets/${part(id)}`);

/** A name that no model has, made of another one. @param {string} name */
export async function freeName(name) {
  const { models } = await get("/api/models");
  const taken = new Set(models.map((/** @type {any} */ one) => one.name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const tried = number > 1 ? `${name} ${number}` : name;
    if (!taken.has(tried.toLowerCase())) return tried;
  }
}

/**
 * Begin. @param {Asked} asked @param {{name: string, licence: string, settings: Record<string, any>}} given
 * @returns {Promise<Record<string, any>>} the job
 */
export function begin({ kind, set, model, outputs }, { name, licence, settings }) {
  if (kind === "extend") return post("/api/jobs/extend", { model: model?.id, set: set?.id, settings });
  if (kind === "feedback")
    return post("/api/jobs/feedback", { model: model?.id, outputs: outputs.map(({ id }) => id), settings });
  return post("/api/jobs/train", { set: set?.id, name, settings, licence });
}
