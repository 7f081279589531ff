// @ts-check
/**
 * A sound as it arrives: samples by channel, readable while more are coming. Positions are samples in the whole output;
 * a take may begin anywhere in it, and a circular one holds a loop once around from where it begins.
 */

export const SAMPLE_RATE = 48000;
const FIRST_ROOM = 10 * SAMPLE_RATE;
const SLACK = SAMPLE_RATE / 100; // samples that a sound may lack whose length is known from its seconds

export class Take {
  /**
   * @param {{channels: number, first?: number, samples?: number|null, total?: number|null, circular?: boolean}} about
   * `total`: samples of the whole output if known, needed for loops.
   */
  constructor({ channels, first = 0, samples = null, total = null, circular = false }) {
    this.channels = channels;
    this.first = first;
    this.total = total ?? (samples === null ? null : first + samples);
    this.circular = circular;
    this.received = 0;
    this.complete = false;
    /** @type {Error|null} */
    this.error = null;
    this._planes = Array.from({ length: channels }, () => new Float32Array(samples ?? FIRST_ROOM));
    /** @type {Set<() => void>} */
    this._listeners = new Set();
  }

  /** Seconds that are there. */
  get seconds() {
    return this.received / SAMPLE_RATE;
  }

  /** Be told when more has come. @param {() => void} listener @returns {() => void} ends it */
  onMore(listener) {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }

  /** Add interleaved samples. @param {Float32Array} interleaved */
  append(interleaved) {
    const count = Math.floor(interleaved.length / this.channels);
    this._makeRoom(this.received + count);
    for (let channel = 0; channel < this.channels; channel++) {
      const plane = this._planes[channel];
      for (let at = 0, from = channel; at < count; at++, from += this.channels) plane[this.received + at] = interleaved[from];
    }
    this.received += count;
    this._tell();
  }

  /** Say that there will be no more. @param {Error|null} [error] */
  finish(error = null) {
    this.complete = true;
    this.error = error;
    if (this.total === null) this.total = this.first + this.received;
    this._tell();
  }

  /** Whether all of it came: no stream that broke off, or was overtaken. */
  get isWhole() {
    const expected = (this.total ?? 0) - (this.circular ? 0 : this.first);
    return this.complete && !this.error && this.received >= expected - SLACK;
  }

  /** Where a position lies in what is held; -1 where it never will. @param {number} position */
  indexOf(position) {
    if (this.circular && this.total) return (((position - this.first) % this.total) + this.total) % this.total;
    return position < this.first ? -1 : position - this.first;
  }

  /** How many samples from a position on are there in one piece. @param {number} position */
  available(position) {
    const index = this.indexOf(position);
    return index < 0 ? 0 : Math.max(0, this.received - index);
  }

  /** Samples from a position on, by channel: views, not copies. @param {number} position @param {number} count */
  read(position, count) {
    const index = this.indexOf(position);
    return this._planes.map((plane) => plane.subarray(index, Math.min(this.received, index + count)));
  }

  /** All that is there, mixed to mono: for pictures. @param {number} [from] index @param {number} [to] */
  mono(from = 0, to = this.received) {
    const mixed = new Float32Array(Math.max(0, to - from));
    for (const plane of this._planes) for (let at = 0; at < mixed.length; at++) mixed[at] += plane[from + at] / this.channels;
    return mixed;
  }

  _tell() {
    for (const listener of this._listeners) listener();
  }

  /** @param {number} size */
  _makeRoom(size) {
    if (size <= this._planes[0].length) return;
    const room = Math.max(size, 2 * this._planes[0].length);
    this._planes = this._planes.map((plane) => {
      const larger = new Float32Array(room);
      larger.set(plane);
      return larger;
    });
  }
}

/**
 * Read a stream into a take until its end; a stream that breaks off leaves what has come.
 * @param {import("./api.js").Sound} sound @param {Take} take @param {AbortSignal} [signal]
 */
export async function receive(sound, take, signal) {
  const frame = 4 * sound.channels;
  let rest = new Uint8Array(0);
  try {
    for (;;) {
      const { done, value } = await sound.reader.read();
      if (done || signal?.aborted) break;
      const bytes = new Uint8Array(rest.length + value.length);
      bytes.set(rest);
      bytes.set(value, rest.length);
      const whole = bytes.length - (bytes.length % frame);
      take.append(new Float32Array(bytes.buffer, 0, whole / 4));
      rest = bytes.slice(whole);
    }
    take.finish();
  } catch (error) {
    take.finish(signal?.aborted ? null : /** @type {Error} */ (error));
  } finally {
    if (signal?.aborted) sound.reader.cancel().catch(() => {});
  }
}
