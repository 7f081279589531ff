// @ts-check
/** Real data for the specimens: a model of 32 saxophone notes, and ten seconds that it made. */

const GROUPS = {
  brightness: "timbre",
  warmth: "timbre",
  roughness: "timbre",
  tension: "harmony",
  attack: "time",
  motion: "time",
  texture: "texture",
};

/**
 * @typedef {object} Data
 * @property {import("../logic/certificate.js").Slider[]} sliders
 * @property {import("../widgets/map-view.js").MapViewOptions["map"]} map
 * @property {{name: string, unit: string, group: string}[]} descriptors
 * @property {Float32Array} samples at `sampleRate`, one channel
 * @property {number} sampleRate
 * @property {Uint8Array} cells of a picture with 480 columns and 128 rows
 */

/** @returns {Promise<Data>} */
export async function loadData() {
  const get = (/** @type {string} */ name) => fetch(new URL(name, import.meta.url));
  const [sliders, map, sound, picture] = await Promise.all(
    ["sliders.json", "map.json", "sound.ogg", "picture.bin"].map(get),
  );
  const audio = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(await sound.arrayBuffer());
  const grouped = (await sliders.json()).sliders.map((/** @type {any} */ one) => ({
    ...one,
    group: GROUPS[/** @type {keyof typeof GROUPS} */ (one.name)] ?? "discovered",
  }));
  return {
    sliders: grouped,
    map: await map.json(),
    descriptors: grouped.filter((/** @type {any} */ one) => one.unit),
    samples: audio.getChannelData(0),
    sampleRate: audio.sampleRate,
    cells: new Uint8Array(await picture.arrayBuffer()),
  };
}

/**
 * Show a part of the sound in a picture, as if it arrived.
 * @param {import("../widgets/sound-picture.js").SoundPicture} picture
 * @param {Data} data
 * @param {number} [from] seconds
 * @param {number} [to]
 */
export function feed(picture, { samples, sampleRate }, from = 0, to = samples.length / sampleRate) {
  const part = samples.slice(from * sampleRate, to * sampleRate);
  picture.beginSound({ seconds: part.length / sampleRate, sample_rate: sampleRate, channels: 1 });
  for (let at = 0; at < part.length; at += sampleRate) picture.addSamples(part.slice(at, at + sampleRate));
  picture.endSound();
}

/** A slider of the model, changed. @param {Data} data @param {string} name @param {Record<string, any>} [change] */
export function slider({ sliders }, name, change = {}) {
  return { .../** @type {any} */ (sliders.find((one) => one.name === name)), ...change };
}

export const SPACE = [
  { name: "width", state: "plain", group: "space", low: "narrow", high: "wide" },
  { name: "distance", state: "plain", group: "space", low: "near", high: "far" },
];
