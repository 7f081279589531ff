// @ts-check
/**
 * One take on its way to the loudspeakers: pieces of it are scheduled a little ahead of the playhead, behind a gain of
 * its own, so that takes can be crossfaded and run side by side.
 */
import { SAMPLE_RATE } from "./take.js";

const PIECE_SAMPLES = SAMPLE_RATE / 4;
export const SOON_SECONDS = 0.03; // from a decision until it can be heard

/** @typedef {{time: number, position: number}} Anchor context seconds, and the sample that is heard then */

export class Voice {
  /**
   * @param {AudioContext} context @param {import("./player.js").Source} source @param {import("./take.js").Take} take
   * @param {AbortController} stop ends the stream that feeds the take
   */
  constructor(context, source, take, stop) {
    this.source = source;
    this.take = take;
    this._context = context;
    this._stop = stop;
    /** @type {number|null} one past the last sample that is scheduled, counted on through all turns of a loop */
    this.until = null;
    /** @type {Set<AudioBufferSourceNode>} */
    this._nodes = new Set();
    this._gain = context.createGain();
    this._gain.gain.value = 0;
    this._gain.connect(context.destination);
  }

  /** Samples of the whole output, if known. */
  get total() {
    return this.source.total ?? this.take.total;
  }

  /** A position inside of the output; a loop has one for every position, before its beginning too. @param {number} position */
  inside(position) {
    const { total } = this;
    return this.source.loop && total ? ((position % total) + total) % total : Math.max(0, position);
  }

  /** Whether all of it has been heard at a position. @param {number} position */
  isOver(position) {
    return !this.source.loop && this.take.complete && this.total !== null && position >= this.total;
  }

  /** Whether a position can be heard now. @param {number} position */
  has(position) {
    return this.take.available(this.inside(Math.round(position))) > 0;
  }

  /**
   * Whether so many samples from a position on are there, or all that ever will be.
   * @param {number} position @param {number} samples
   */
  holds(position, samples) {
    const { take } = this;
    const there = take.available(this.inside(Math.round(position)));
    return there >= samples || (there > 0 && take.complete);
  }

  /** How long before a position what is there has ended, samples. @param {number} position */
  gapBefore(position) {
    const index = this.take.indexOf(this.inside(Math.round(position)));
    return Math.max(0, index - this.take.received);
  }

  /** Schedule what lies before a horizon; false where samples are missing. @param {Anchor} anchor @param {number} soonest @param {number} horizon */
  fill(anchor, soonest, horizon) {
    let at = Math.max(this.until ?? soonest, soonest);
    while (at < horizon) {
      const planes = this._piece(at);
      if (!planes[0].length) break;
      this._schedule(planes, anchor.time + (at - anchor.position) / SAMPLE_RATE);
      at += planes[0].length;
    }
    this.until = at;
    return at >= horizon || this.isOver(at) || at > soonest + SAMPLE_RATE / 50;
  }

  /** Bring it to a level. @param {number} level linear, of the source's own @param {number} seconds @param {number} at */
  fade(level, seconds, at) {
    const gain = this._gain.gain;
    gain.cancelScheduledValues(at);
    gain.setValueAtTime(gain.value, at);
    gain.linearRampToValueAtTime(level * (this.source.gain ?? 1), at + seconds);
  }

  /** Take back what is scheduled. @param {number} seconds over which what sounds fades @param {number} [at] when it begins to */
  silence(seconds, at = this._context.currentTime) {
    this.fade(0, seconds, at);
    for (const node of this._nodes) node.stop(at + seconds);
    this._nodes.clear();
    this.until = null;
  }

  /** End it, and the stream that feeds it. @param {number} seconds over which it fades @param {number} [at] when it begins to */
  close(seconds, at = this._context.currentTime) {
    this._stop.abort();
    this.silence(seconds, at);
    window.setTimeout(() => this._gain.disconnect(), 1000 * (at - this._context.currentTime + seconds) + 100);
  }

  /** @param {number} at @returns {Float32Array[]} samples by channel, none where they are missing */
  _piece(at) {
    const inside = this.inside(at);
    const before = this.source.loop && this.total ? this.total - inside : Infinity;
    return this.take.read(inside, this.take.available(inside) > 0 ? Math.min(PIECE_SAMPLES, before) : 0);
  }

  /** @param {Float32Array[]} planes @param {number} time */
  _schedule(planes, time) {
    const buffer = this._context.createBuffer(planes.length, planes[0].length, SAMPLE_RATE);
    planes.forEach((plane, channel) => buffer.copyToChannel(plane, channel));
    const node = new AudioBufferSourceNode(this._context, { buffer });
    node.connect(this._gain);
    node.onended = () => this._nodes.delete(node);
    node.start(time);
    this._nodes.add(node);
  }
}
