// @ts-check
/** The discrete Fourier transform of one window of sound, radix 2. Pure but for its own scratch memory. */

export class Fft {
  /** @param {number} size a power of 2 */
  constructor(size) {
    this.size = size;
    this.real = new Float32Array(size);
    this.imaginary = new Float32Array(size);
    const bits = Math.log2(size);
    this.reversed = Uint32Array.from({ length: size }, (_, index) => {
      let turned = 0;
      for (let bit = 0; bit < bits; bit += 1) turned |= ((index >> bit) & 1) << (bits - 1 - bit);
      return turned;
    });
    this.cosines = Float32Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sines = Float32Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
    // Hann, scaled so that a sine of amplitude 1 has a magnitude of 1
    this.window = Float32Array.from({ length: size }, (_, n) => (2 - 2 * Math.cos((2 * Math.PI * n) / size)) / size);
  }

  /**
   * Write the power of each bin, a full-scale sine being 1.
   * @param {Float32Array} samples at least `size` from `start` on
   * @param {number} start
   * @param {Float32Array} power of size / 2 bins
   */
  power(samples, start, power) {
    const { real, imaginary, reversed, window, size } = this;
    for (let n = 0; n < size; n += 1) real[reversed[n]] = samples[start + n] * window[n];
    imaginary.fill(0);
    this.#butterflies();
    for (let k = 0; k < size / 2; k += 1) power[k] = real[k] * real[k] + imaginary[k] * imaginary[k];
  }

  #butterflies() {
    const { real, imaginary, cosines, sines, size } = this;
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let block = 0; block < size; block += 2 * half) {
        for (let k = 0; k < half; k += 1) {
          const [a, b] = [block + k, block + k + half];
          const [c, s] = [cosines[k * stride], sines[k * stride]];
          const re = real[b] * c - imaginary[b] * s;
          const im = real[b] * s + imaginary[b] * c;
          real[b] = real[a] - re;
          imaginary[b] = imaginary[a] - im;
          real[a] += re;
          imaginary[a] += im;
        }
      }
    }
  }
}
