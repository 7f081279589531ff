// @ts-check
/** A training in words and numbers: what can be expected of it, how far it is, and what became of it. Pure. */
import { countWords } from "./recordings.js";
import { showClock, showLength } from "./time-axis.js";

/** @typedef {Record<string, any>} Job as `/api/jobs` has it */

export const TRAININGS = ["train", "extend", "feedback", "resume"];
export const MEASURING_SHARE = 0.2; // "takes a fifth of the minutes", as the setting `measure` says
const LITTLE_SECONDS = 10;
const FEW_RECORDINGS = 5;

/** @param {Job} job */
export const isTraining = (job) => TRAININGS.includes(job.kind);
/** @param {Job} job */
export const isRunning = (job) => ["waiting", "running", "stopping"].includes(job.state);

/**
 * A training by its id; without one, or where it is not known any more, that which is under way, else the latest.
 * @param {Job[]} jobs the newest first @param {string} [id] @returns {Job|null}
 */
export function findTraining(jobs, id) {
  const trainings = jobs.filter(isTraining);
  return (id ? trainings.find((job) => job.id === id) : null) ?? trainings.find(isRunning) ?? trainings[0] ?? null;
}

/** Stages as a person follows them, and the program's names for what happens in each. */
export const STAGES = [
  { name: "Reading", stages: ["", "reading"] },
  { name: "Learning", stages: ["training"] },
  { name: "Hearing the set", stages: ["listening"] },
  { name: "Measuring sliders", stages: ["measuring", "saving"] },
];

/** Which of STAGES is under way; where it is done, the first that there was no time for. @param {Job} job */
export function stageOf(job) {
  if (job.state === "done") return job.sliders.length ? STAGES.length : STAGES.length - 1;
  return Math.max(
    0,
    STAGES.findIndex(({ stages }) => stages.includes(job.stage)),
  );
}

/** Parts of the time, seconds. @param {number} minutes @param {boolean} measures */
export function planOf(minutes, measures) {
  const whole = 60 * minutes;
  const measuring = measures ? MEASURING_SHARE * whole : 0;
  return { whole, measuring, learning: whole - measuring };
}

/** A sentence on what so many minutes come to. @param {number} minutes */
export function expectMinutes(minutes) {
  if (minutes < 2) return "A first sketch: enough to hear where it goes. Some sliders may not be measured.";
  if (minutes < 6) return "The usual choice: it knows every recording, and there is time to measure the sliders.";
  if (minutes < 20) return "Closer to the recordings, with finer detail.";
  return "As close as it gets. It is worth it for many or long recordings.";
}

/** Expectations of a set of recordings. @param {{files: number, seconds: number}} set @returns {string[]} sentences */
export function expectSet({ files, seconds }) {
  if (!files) return ["There is nothing to learn from in this set: add recordings, or take some in."];
  const said = [
    seconds ? `${showLength(seconds)} of sound, ${countWords(files)}.` : `${countWords(files)}, not examined yet.`,
  ];
  if (files < FEW_RECORDINGS)
    said.push(`With fewer than ${FEW_RECORDINGS} recordings it stays close to them: more leave it room to invent.`);
  else if (seconds && seconds < LITTLE_SECONDS) said.push("That is little sound: it stays close to what you recorded.");
  return said;
}

/** Seconds that a training takes altogether; null where nobody knows. @param {Job} job */
export function wholeSeconds(job) {
  if (typeof job.seconds_left !== "number" || typeof job.share !== "number" || job.share >= 0.99) return null;
  return job.seconds_left / (1 - job.share);
}

/**
 * The loss over time.
 * @param {Job} job
 * @returns {{seconds: number, loss: number|null, validation: number|null}[]}
 */
export function lossPoints({ curve }) {
  return curve.map((/** @type {any} */ point) => ({
    seconds: point.seconds ?? point.step,
    loss: point.loss ?? null,
    validation: point.validation ?? null,
  }));
}

/**
 * Time that is left, counted down since it was told.
 * @param {number|null} told seconds
 * @param {number} since seconds ago
 */
export function leftClock(told, since) {
  if (told === null) return { clock: "", words: "" };
  const left = Math.max(0, Math.round(told - since));
  return { clock: showClock(left), words: left ? "left" : "any moment now" };
}

const VERBS = /** @type {Record<string, string>} */ ({
  train: "Learning",
  extend: "Growing",
  feedback: "Feeding back into",
  resume: "Going on with",
});

/** A title for what is happening. @param {Job} job */
export function titleOf(job) {
  const name = job.result?.name ?? job.title;
  if (job.state === "waiting") return `${name} waits for its turn`;
  if (job.state === "stopping") return `Keeping what ${name} has learned`;
  if (job.state === "done") return `${name} is ready`;
  if (job.state === "failed") return `${name} could not be learned`;
  if (job.state === "interrupted") return `The training of ${name} was cut off`;
  if (job.state === "cancelled") return `The training of ${name} was stopped`;
  return `${VERBS[job.kind] ?? "Learning"} ${name}`;
}

/** Where a training computes, by torch's names. */
export const DEVICES = /** @type {Record<string, string>} */ ({
  cpu: "on the processor",
  cuda: "on the NVIDIA graphics card",
  mps: "on the Apple graphics processor",
});

/** Words for the present step. @param {Job} job */
export function wordsOf(job) {
  if (job.state === "done") return doneWords(job);
  if (!isRunning(job)) return "";
  const step = job.stage === "training" ? job.curve.at(-1)?.step : null;
  const detail = job.stage === "measuring" ? job.detail : job.stage === "reading" ? fileOf(job.detail) : "";
  return [
    [job.words || "Beginning", detail].filter(Boolean).join(": "),
    step && `step ${step}`,
    job.device && DEVICES[job.device.name],
  ]
    .filter(Boolean)
    .join(" · ");
}

/** @param {string} detail a file and which of all it is, or the folder as a whole */
const fileOf = (detail) => (/^[/\\]|^\w:\\/.test(detail) ? "" : detail);

/** @param {Job} job */
function doneWords({ result }) {
  if (!result) return "";
  const { files, seconds, stopped, steps } = result;
  const took = typeof seconds === "number" ? `${showLength(seconds)}, ${steps} steps` : "";
  return [files && `learned from ${countWords(files.used)}`, took, stopped && "stopped by you"]
    .filter(Boolean)
    .join(" · ")
    .replace(/^l/, "L");
}

/** A training that was cut off: what is kept of it, and what to do. @param {Job} job */
export function keptWords(job) {
  if (job.state === "interrupted")
    return "It ended unexpectedly. It goes on from half a minute before; in its first half minute it begins anew.";
  if (job.state === "cancelled") return "It was stopped before there was anything to keep.";
  return "";
}
