// @ts-check
/** Hears sounds away from the page: messages in are begin, push, end and forget; messages out are finished columns. */
import { SpectrumStream } from "../logic/spectrum.js";

/** @type {Map<number, {stream: SpectrumStream, channels: number}>} */
const heard = new Map();

/** @param {Float32Array} samples interleaved @param {number} channels */
function mono(samples, channels) {
  if (channels === 1) return samples;
  const mixed = new Float32Array(samples.length / channels);
  for (let frame = 0; frame < mixed.length; frame += 1) {
    for (let channel = 0; channel < channels; channel += 1)
      mixed[frame] += samples[frame * channels + channel] / channels;
  }
  return mixed;
}

addEventListener("message", ({ data: { id, kind, sound, samples } }) => {
  if (kind === "begin") heard.set(id, { stream: new SpectrumStream(sound), channels: sound.channels });
  const one = heard.get(id);
  if (!one) return;
  if (kind === "push" || kind === "end") {
    const columns = kind === "push" ? one.stream.push(mono(samples, one.channels)) : one.stream.end();
    postMessage({ id, ended: kind === "end", ...columns }, { transfer: [columns.cells.buffer, columns.pairs.buffer] });
  }
  if (kind === "end" || kind === "forget") heard.delete(id);
});
