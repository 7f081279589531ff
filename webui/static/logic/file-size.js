// @ts-check
/** How large a sound file will be, and which sample rates and bit depths its format takes. Pure. */

/** @typedef {{name: string, sample_rates: number[], bit_depths: string[]}} Format as `/api/settings` has it */
/** @typedef {{seconds: number, channels: number, sample_rate: number, bit_depth: string, cover?: boolean}} Asked */

const SAMPLE_BYTES = /** @type {Record<string, number>} */ ({ 16: 2, 24: 3, "32f": 4 });
const FLAC_SHARE = /** @type {Record<string, number>} */ ({ 16: 0.6, 24: 0.72 }); // of as many samples as WAV
const HEAD_BYTES = 6_000; // with tags and passport
const COVER_BYTES = 80_000;
const BIT_RATES = /** @type {Record<string, [number, number]>} */ ({
  ogg: [160_000, 300_000], // mono, stereo
  opus: [160_000, 320_000],
  mp3: [320_000, 320_000],
});

/** @param {string} format @param {Asked} asked @returns {number} bytes, roughly for formats that compress */
export function fileBytes(format, { seconds, channels, sample_rate, bit_depth, cover = false }) {
  const rates = BIT_RATES[format];
  const plain = seconds * sample_rate * channels * (SAMPLE_BYTES[bit_depth] ?? SAMPLE_BYTES[24]);
  const sound = rates
    ? (seconds * rates[channels > 1 ? 1 : 0]) / 8
    : plain * (format === "flac" ? (FLAC_SHARE[bit_depth] ?? FLAC_SHARE[24]) : 1);
  return Math.round(sound + HEAD_BYTES + (cover ? COVER_BYTES : 0));
}

/**
 * The part of a choice that a format takes: a sample rate or bit depth that it has not becomes the nearest that it has.
 * @param {Format} format @param {{sample_rate: number, bit_depth: string}} chosen @param {string} usualDepth
 * @returns {{sample_rate: number, bit_depth: string}} no bit depth ("") in lossy formats
 */
export function fitFormat(format, { sample_rate, bit_depth }, usualDepth) {
  const distance = (/** @type {number} */ rate) => Math.abs(rate - sample_rate);
  const nearest = [...format.sample_rates].sort((one, other) => distance(one) - distance(other))[0];
  const usual = format.bit_depths.includes(usualDepth) ? usualDepth : (format.bit_depths[0] ?? "");
  return { sample_rate: nearest, bit_depth: format.bit_depths.includes(bit_depth) ? bit_depth : usual };
}

/** A sample rate as people write it. @param {number} rate */
export const showRate = (rate) => `${String(rate / 1000)} kHz`;

/** A bit depth as people write it. @param {string} depth */
export const showDepth = (depth) => (depth === "32f" ? "32 bit float" : depth ? `${depth} bit` : "–");
