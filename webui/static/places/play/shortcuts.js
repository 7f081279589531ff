// @ts-check
/** The keys of Play, as Help lists them. */
import { addShortcuts } from "../../core/keys.js";

/** @param {import("./play.js").Play} play */
export function addPlayShortcuts(play) {
  const { app, bank, deck, drawer, making, map, transport } = play;
  const when = () => app.place === "play" && Boolean(app.session.model);
  const key =
    (/** @type {string} */ group) =>
    (/** @type {string} */ keys, /** @type {string} */ words, /** @type {() => any} */ run) => ({
      keys,
      words,
      group,
      run,
      when,
    });
  const told = (/** @type {string} */ group) => (/** @type {string} */ keys, /** @type {string} */ words) => ({
    keys,
    words,
    group,
    run: () => {},
    when: () => false,
  });
  const [inPlay, onMap, onSliders] = ["Play", "Map", "Sliders"].map(key);
  const [tellMap, tellSliders] = ["Map", "Sliders"].map(told);
  const loop = () => play.change({ loop: !app.session.get("loop") }, "commit", "Set loop");
  addShortcuts([
    inPlay("Space", "Play or pause", () => deck.toggle()),
    inPlay("Home", "Back to the beginning", () => deck.seek(0)),
    inPlay("M", "Make this output", () => making.make()),
    { ...inPlay("Enter", "Make this output", () => making.make()), hidden: true },
    inPlay("L", "Loop", loop),
    inPlay("D", "Another seed", () => transport.throwSeed()),
    inPlay("E", "Export", () => transport.askExport()),
    inPlay("H", "Open or close the history", () => drawer.toggle()),
    onMap("G", "Go to the map", () => map.focus()),
    onMap("Shift+G", "Let the output be anywhere again", () => map.clearRoute()),
    tellMap("←→↑↓", "To the next moment"),
    tellMap("Enter", "Hear the moment"),
    tellMap("Space", "Stay there"),
    tellMap("Delete", "Take a place of the path away, or all of it"),
    tellMap("+", "Look closer"),
    tellMap("-", "Look from farther away"),
    onSliders("S", "Go to the sliders", () => bank.focus()),
    onSliders("R", "Random", () => bank.throwDice()),
    onSliders("Shift+R", "Reset all", () => bank.resetAll()),
    onSliders("P", "Keep as a preset", () => bank.head.presets.saveAs()),
    tellSliders("← →", "A step; a fine one with Shift"),
    tellSliders("PageUp", "Ten steps"),
    tellSliders("Delete", "Back to 0"),
    tellSliders("Alt+←→", "Move a point of a lane in time"),
  ]);
}
