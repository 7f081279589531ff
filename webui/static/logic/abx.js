// @ts-check
/**
 * A blind test: X is A or B, the listener says which, again and again. How likely it is to be as often right by
 * guessing is the upper tail of a binomial distribution. Pure but for the dice.
 */

/** @typedef {"a"|"b"} Side */
/** @typedef {{x: Side, trials: {x: Side, vote: Side}[]}} Test `x` is hidden from the listener */

/** @param {() => number} random evenly from 0 to 1 @returns {Side} */
const throwSide = (random) => (random() < 0.5 ? "a" : "b");

/** @param {() => number} [random] @returns {Test} */
export const beginTest = (random = Math.random) => ({ x: throwSide(random), trials: [] });

/**
 * The listener says which one X is; then X is thrown anew.
 * @param {Test} test @param {Side} side @param {() => number} [random]
 * @returns {Test}
 */
export function vote(test, side, random = Math.random) {
  return { x: throwSide(random), trials: [...test.trials, { x: test.x, vote: side }] };
}

/** @param {Test} test @returns {{right: number, trials: number, chance: number}} */
export function score({ trials }) {
  const right = trials.filter((one) => one.vote === one.x).length;
  return { right, trials: trials.length, chance: chanceOfGuessing(right, trials.length) };
}

/**
 * How likely a listener who hears no difference is right at least so often.
 * @param {number} right @param {number} trials
 * @returns {number} 0 to 1
 */
export function chanceOfGuessing(right, trials) {
  let [term, sum] = [0.5 ** trials, 0]; // of exactly k right answers, from all right downwards
  for (let wrong = 0; wrong <= trials - right; wrong++) {
    sum += term;
    term = (term * (trials - wrong)) / (wrong + 1);
  }
  return Math.min(1, sum);
}

/** Words for the count. @param {{right: number, trials: number, chance: number}} found */
export function showScore({ right, trials, chance }) {
  if (!trials) return "Listen to A, B and X, then say which one X is.";
  const percent = chance < 0.01 ? "below 1 %" : `${Math.round(100 * chance)} %`;
  return `${right} of ${trials} right · by guessing ${percent}`;
}
