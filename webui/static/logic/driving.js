// @ts-check
/** A recording that drives a model: which settings of Play move it, and in words. Pure. */
import { isCurve } from "./curve.js";
import { show, showSigned } from "./numbers.js";

const CARRIED = ["keep", "blend", "source", "seed"]; // a recording brings its own time and place
const OWN = "register"; // a slider that moves no recording: it brings its own notes

/** Settings of what is explored that can move a recording. @param {Record<string, any>} asked */
export function carryOver({ sliders = {}, ...asked }) {
  const moving = Object.entries(sliders).filter(([name]) => name !== OWN);
  const rest = Object.entries(asked).filter(([name]) => CARRIED.includes(name));
  return { sliders: Object.fromEntries(moving), ...Object.fromEntries(rest) };
}

/**
 * What moves a recording, in few words; empty where nothing does.
 * @param {Record<string, any>} settings as `carryOver` returns them
 * @param {(id: string) => string} nameOf a model
 */
export function tellMoves({ sliders = {}, blend = {} }, nameOf) {
  const moved = Object.entries(sliders).filter(([, value]) => value !== 0);
  const shares = Object.entries(blend).filter(([, value]) => value !== 0);
  return [
    ...moved.map(([name, value]) => `${name} ${isCurve(value) ? "moving" : showSigned(value)}`),
    ...shares.map(([id, value]) => `${nameOf(id)} ${isCurve(value) ? "moving" : show(value, 2)}`),
  ].join(", ");
}
