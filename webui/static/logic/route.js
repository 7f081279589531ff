// @ts-check
/**
 * The way of an output over the map: a path is walked at an even pace over the duration, in a loop back to its start.
 * Pure.
 */

/**
 * When a path is where.
 * @param {number[][]} path places on the map @param {number} seconds of the output @param {boolean} loop
 * @returns {[number, number, number][]} seconds, x, y of each stop
 */
export function walkPath(path, seconds, loop) {
  const stops = loop ? [...path, path[0]] : path;
  const lengths = [0];
  for (let at = 1; at < stops.length; at += 1) {
    lengths.push(lengths[at - 1] + Math.hypot(stops[at][0] - stops[at - 1][0], stops[at][1] - stops[at - 1][1]));
  }
  const whole = lengths[lengths.length - 1];
  return stops.map(([x, y], at) => [whole ? (seconds * lengths[at]) / whole : 0, x, y]);
}

/**
 * The way of a recording over the map, walked in the time that a sound lasts which begins from it.
 * @param {{file: string, seconds: number, x: number, y: number}[]} moments
 * @param {string} file name of the recording
 * @param {number} seconds of the sound
 * @returns {[number, number, number][]} seconds, x, y
 */
export function followRecording(moments, file, seconds) {
  const own = moments.filter((one) => one.file === file).sort((a, b) => a.seconds - b.seconds);
  return own.map(({ x, y }, at) => [own.length > 1 ? (seconds * at) / (own.length - 1) : 0, x, y]);
}
