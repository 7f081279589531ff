// @ts-check
/** The right column of Play: what was made, two of it compared, and the blend. It also opens Export and Variations. */
import { addShortcuts } from "../../../core/keys.js";
import { element } from "../../../parts/element.js";
import { openExport } from "../../export/export.js";
import { Variations } from "../variations/variations.js";
import { BlendPanel } from "./blend.js";
import { ComparePanel } from "./compare.js";
import { HistoryPanel } from "./history.js";
import { Pair } from "./pair.js";

/**
 * @param {import("../../../core/app.js").App} app @param {import("../play.js").Play} play
 * @returns {{element: HTMLElement}}
 */
export function create(app, play) {
  const pair = new Pair(play);
  const history = new HistoryPanel(play, pair);
  const compare = new ComparePanel(play, pair, (blind) => {
    history.setBlind(blind);
    play.output.element.closest(".play")?.toggleAttribute("data-blind", blind);
  });
  const blend = new BlendPanel(play);
  const variations = new Variations(play);
  play.bank.random.after(variations.button);
  app.on("export", ({ entry }) => openExport(app, { entry }));
  listen(app, play, { history, compare, variations });
  return { element: element("div", { class: "side" }, history.element, compare.element, blend.element) };
}

/**
 * @param {import("../../../core/app.js").App} app @param {import("../play.js").Play} play
 * @param {{history: HistoryPanel, compare: ComparePanel, variations: Variations}} parts
 */
function listen(app, play, { history, compare, variations }) {
  const when = () => app.place === "play" && Boolean(app.session.model);
  const goTo = () => {
    if (play.transport.side.offsetParent && !play.drawer.isOpen) play.drawer.open();
    history.list.focus();
  };
  const find = () => {
    if (play.transport.side.offsetParent && !play.drawer.isOpen) play.drawer.open();
    history.search.input.focus();
  };
  addShortcuts([
    { keys: "A", words: "Keep as A", group: "History", when, run: () => compare.keep("a") },
    { keys: "B", words: "Keep as B", group: "History", when, run: () => compare.keep("b") },
    { keys: "X", words: "Switch A/B at the playhead", group: "History", when, run: () => compare.switch() },
    { keys: "O", words: "Go to the outputs", group: "History", when, run: goTo },
    { keys: "F", words: "Search the history", group: "History", when, run: find },
    {
      keys: "Delete",
      words: "Delete the output that has the focus",
      group: "History",
      when: () => false,
      run: () => {},
    },
    { keys: "*", words: "Star it", group: "History", when: () => false, run: () => {} },
    { keys: "V", words: "Variations", group: "Sliders", when, run: () => variations.toggle() },
  ]);
}
