// @ts-check
/**
 * Another version of what is heard, brought in at the playhead. It is asked for from a little ahead on, as far as answers
 * took lately; where the playhead has overtaken an answer, it is asked for once more from farther ahead.
 */
import { SAMPLE_RATE } from "./take.js";
import { SOON_SECONDS } from "./voice.js";

const [LEAST_LEAD, MOST_LEAD] = [0.1, 8]; // seconds ahead
const FIRST_LEAD = 0.4;
const REMEMBERED = 3; // answers, of which the quickest counts: a slower one comes in a little later, as it catches up
const RETRY_SHARE = 1.2; // of the time that an answer took which did not catch up
const TRIAL_SECONDS = 0.2; // in which an answer that is late shows how fast it catches up
const MOST_TRIES = 3;
const LOOK_MS = 10;

/** @typedef {Pick<import("./voice.js").Voice, "has"|"take"|"close"|"gapBefore">} Coming the voice that is to come in */
/**
 * @typedef {object} Stage what a replacement sees of the player
 * @property {() => boolean} isCurrent whether nothing else was asked for since
 * @property {() => boolean} isPlaying
 * @property {() => boolean} isWaiting whether the playhead itself waits for sound
 * @property {() => number} position of the playhead, in samples counted on through all turns of a loop
 * @property {() => number} now in seconds
 * @property {(position: number) => Promise<Coming|null>} open asks for it; null where it is overtaken, or too late
 * @property {(position: number) => void} jump lets a playhead that waits go on somewhere else
 */

export class Replacement {
  constructor() {
    /** @type {number[]} seconds from a request to its first sample, as it was lately */
    this._took = Array(REMEMBERED).fill(FIRST_LEAD);
  }

  /** Seconds ahead of the playhead that a version is asked for from. */
  get lead() {
    return Math.min(MOST_LEAD, Math.max(LEAST_LEAD, Math.min(...this._took)));
  }

  /**
   * Ask for it, and wait until it can come in.
   * @param {Stage} stage
   * @returns {Promise<Coming|null>} null where it never will
   */
  async run(stage) {
    for (let more = MOST_TRIES; more > 0; more--) {
      const asked = stage.now();
      const isAhead = stage.isPlaying() && !stage.isWaiting();
      const start = Math.round(stage.position() + (isAhead ? this.lead * SAMPLE_RATE : 0));
      const voice = await stage.open(start);
      if (!voice) return null;
      const took = stage.now() - asked;
      this._took = [...this._took.slice(1), took];
      const met = await meet(stage, voice, start, more > 1 ? took : Infinity);
      if (met && stage.isCurrent()) return voice;
      voice.close(0);
      if (!stage.isCurrent()) return null;
      this._took.fill(took * RETRY_SHARE);
    }
    return null;
  }
}

/**
 * Wait until a voice has what the playhead needs next; a playhead that waits for sound itself goes on where it begins.
 * @param {Stage} stage
 * @param {Coming} voice
 * @param {number} start where the voice begins
 * @param {number} patience seconds that it may need to catch up with the playhead
 * @returns {Promise<boolean>} false where it stays behind
 */
async function meet(stage, voice, start, patience) {
  /** @type {{time: number, gap: number}|null} how far it was behind when that was seen first */
  let late = null;
  while (stage.isCurrent() && stage.isPlaying()) {
    const position = stage.position() + SOON_SECONDS * SAMPLE_RATE;
    if (voice.has(position)) return true;
    if (stage.isWaiting() && position < start && voice.take.received) {
      stage.jump(start);
      return true;
    }
    if (position > start && voice.take.complete) return true;
    if (position > start) {
      const now = { time: stage.now(), gap: voice.gapBefore(position) };
      late ??= now;
      if (staysBehind(late, now, patience)) return false;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return true;
}

/**
 * Whether a voice would need more than some seconds to catch up, at the pace that it has shown since it was late.
 * @param {{time: number, gap: number}} late samples behind, at a time
 * @param {{time: number, gap: number}} now
 * @param {number} patience seconds
 */
function staysBehind(late, now, patience) {
  const seconds = now.time - late.time;
  return seconds >= TRIAL_SECONDS && now.gap * seconds > patience * (late.gap - now.gap);
}
