// @ts-check
/**
 * Play: the instrument. Left the bank of sliders, in the middle the map and the output, below the transport; the right
 * column is a module of its own, `side/side.js`, which is given this place.
 */
import { fitSettings } from "../../logic/settings-fit.js";
import { element } from "../../parts/element.js";
import { Bank } from "./bank.js";
import { Deck } from "./deck.js";
import { Drawer } from "./drawer.js";
import { Lanes } from "./lanes.js";
import { Making } from "./making.js";
import { MapPanel } from "./map.js";
import { ModelData } from "./model-data.js";
import { Output } from "./output.js";
import { addPlayShortcuts } from "./shortcuts.js";
import { create as createSide } from "./side/side.js";
import { StatePanel } from "./states.js";
import { Transport } from "./transport.js";

/**
 * The parts of Play, which know each other; `side/side.js` gets them.
 * @typedef {object} Play
 * @property {import("../../core/app.js").App} app
 * @property {ModelData} data the model in use: its card and sliders; event "model"
 * @property {Deck} deck what is on: a preview, an output, a pair; plays, seeks, tells
 * @property {Lanes} lanes of settings that move: `toggle(key, open)`, `isOpen(key)`, event "lanes"
 * @property {Making} making makes outputs
 * @property {MapPanel} map
 * @property {Output} output
 * @property {Bank} bank
 * @property {Transport} transport
 * @property {Drawer} drawer holds the side where there is no room for a column
 * @property {(change: Record<string, any>, phase?: "input"|"commit", words?: string) => void} change
 *     changes settings, and what they exclude
 */

/** @param {import("../../core/app.js").App} app */
export function create(app) {
  const play = /** @type {Play} */ ({ app });
  play.change = (change, phase = "commit", words = "Change settings") => changeSettings(app, change, phase, words);
  play.data = new ModelData(app);
  play.deck = new Deck(app);
  play.making = new Making(play);
  play.lanes = new Lanes(play);
  play.bank = new Bank(play);
  play.map = new MapPanel(play);
  play.output = new Output(play);
  play.drawer = new Drawer();
  play.transport = new Transport(play);
  play.drawer.fill(createSide(app, play).element);
  addPlayShortcuts(play);
  const middle = element("div", { class: "play__middle" }, play.map.element, play.output.element);
  const floor = element(
    "div",
    { class: "play__floor" },
    play.bank.element,
    middle,
    new StatePanel(play).element,
    play.drawer.element,
  );
  const node = element(
    "div",
    { class: "play", on: { click: leaveButton } },
    element("h1", { class: "unseen", text: "Play" }),
    floor,
    play.transport.element,
  );
  play.data.addEventListener("model", () => (node.dataset.state = play.data.state));
  return {
    element: node,
    show: () => {
      play.deck.frames.setShown(true);
      play.data.look();
    },
    hide: () => play.deck.frames.setShown(false),
  };
}

/**
 * @param {import("../../core/app.js").App} app @param {Record<string, any>} change @param {"input"|"commit"} phase
 * @param {string} words
 */
function changeSettings(app, change, phase, words) {
  const fitted = fitSettings(change, app.session.settings, app.words);
  app.session.setMany(fitted.change, phase, words, words);
  if (fitted.said && phase === "commit") app.say(fitted.said);
}

/** A button that the mouse has pressed gives the focus back, so that Space plays. @param {MouseEvent} event */
function leaveButton(event) {
  const pressed =
    event.detail &&
    event.target instanceof Element &&
    event.target.closest("button, input[type=checkbox], input[type=radio]");
  if (pressed && pressed === document.activeElement) /** @type {HTMLElement} */ (pressed).blur();
}
