// @ts-check
/**
 * Another version of what is heard, brought in at the playhead. It is asked for from a little ahead on, as far as answers
 * took lately; where the playhead has overtaken an answer, it is asked for once more from farther ahead.
 */
import { SAMPLE_RATE } from "./take.js";
import { SOON_SECONDS } from "./voice.js";

const [LEAST_LEAD, MOST_LEAD] = [0.1, 8]; // seconds ahead
const LEAD_SHARE = 1.2; // of the time that the last answer took
const PATIENCE_SECONDS = 0.5; // that an answer may stay behind the playhead
const MOST_TRIES = 3;
const LOOK_MS = 10;

/** @typedef {Pick<import("./voice.js").Voice, "has"|"take"|"close">} Coming the voice that is to come in */
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
    this.lead = 0.4; // seconds from a request to its first sample, as it was lately
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
      this._learn(stage.now() - asked);
      const met = await meet(stage, voice, start, more > 1 ? PATIENCE_SECONDS : Infinity);
      if (met && stage.isCurrent()) return voice;
      voice.close(0);
      if (!stage.isCurrent()) return null;
    }
    return null;
  }

  /** Farther ahead at once where an answer came late, nearer little by little. @param {number} took seconds */
  _learn(took) {
    const wanted = took * LEAD_SHARE;
    const lead = wanted > this.lead ? wanted : 0.7 * this.lead + 0.3 * wanted;
    this.lead = Math.min(MOST_LEAD, Math.max(LEAST_LEAD, lead));
  }
}

/**
 * Wait until a voice has what the playhead needs next; a playhead that waits for sound itself goes on where it begins.
 * @param {Stage} stage
 * @param {Coming} voice
 * @param {number} start where the voice begins
 * @param {number} patience seconds that it may be behind the playhead
 * @returns {Promise<boolean>} false where it stays behind
 */
async function meet(stage, voice, start, patience) {
  while (stage.isCurrent() && stage.isPlaying()) {
    const position = stage.position() + SOON_SECONDS * SAMPLE_RATE;
    if (voice.has(position)) return true;
    if (stage.isWaiting() && position < start && voice.take.received) {
      stage.jump(start);
      return true;
    }
    if (position > start && voice.take.complete) return true;
    if (position > start + patience * SAMPLE_RATE) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return true;
}
