// @ts-check
/** The beginning: the frame around the places (bar, messages, help), and what acts on the whole window. */
import { begin } from "./core/app.js";
import { listenToDrops } from "./core/drops.js";
import { showHelp } from "./core/help.js";
import { addShortcuts } from "./core/keys.js";
import { ModelInUse } from "./core/model-in-use.js";
import { nextTheme, restoreLooks, setZoom, zoomBy } from "./core/looks.js";
import { listenToWindow } from "./core/window.js";
import { NavBar } from "./widgets/nav-bar.js";
import { StatusLine } from "./widgets/status-line.js";
import { showLeft } from "./core/time-left.js";

const PLACES = [
  { name: "Collect", href: "#/collect" },
  { name: "Train", href: "#/train" },
  { name: "Play", href: "#/play" },
  { name: "Library", href: "#/library" },
];
const STOPPED = "The program does not answer. It was closed, or began anew: open it again, and this page with the address that it prints. What was kept is there.";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const app = await begin(main).catch((error) => {
  main.textContent = error.message;
  throw error;
});
restoreLooks(app);

const bar = new NavBar({
  places: PLACES,
  onUndo: () => app.undo(),
  onRedo: () => app.redo(),
  onTheme: () => app.say(`Theme: ${nextTheme(app)}`),
  onHelp: () => showHelp(),
});
const line = new StatusLine();
/** @type {HTMLElement} */ (document.getElementById("bar")).replaceWith(bar.element);
document.body.append(line.element);

app.on("say", ({ text, action }) => line.say(text, action && { text: action.words, onPress: action.run }));
app.on("fail", ({ text }) => line.fail(text));
app.on("history", () => bar.setHistory(app.history.undoWords !== null, app.history.redoWords !== null));
app.on("place", (place) => bar.setPlace(place.charAt(0).toUpperCase() + place.slice(1)));
app.state.on("notice", (/** @type {string} */ text) => app.say(text));
app.state.on("lost", (/** @type {boolean} */ lost) => {
  if (lost) return line.fail(STOPPED);
  line.dismiss();
  app.say("The program answers again.");
});
app.state.on("jobs", () => {
  const job = app.state.running.find((one) => one.state !== "waiting") ?? null;
  const training = job && ["train", "extend", "feedback", "resume"].includes(job.kind);
  bar.setJob(job && { name: job.title, share: job.share, left: showLeft(job), href: training ? "#/train/job" : `#/${app.place}` });
});

new ModelInUse(app, (model) => bar.setModel(model));
listenToDrops(app);
addShortcuts([
  { keys: "?", words: "All keys", group: "Everywhere", run: () => showHelp() },
  { keys: "T", words: "Dark, light, or as the system", group: "Everywhere", run: () => app.say(`Theme: ${nextTheme(app)}`) },
  { keys: "Ctrl++", words: "Larger", group: "Everywhere", run: () => zoomBy(app, 1.1) },
  { keys: "Ctrl+=", words: "Larger", group: "Everywhere", run: () => zoomBy(app, 1.1), hidden: true },
  { keys: "Ctrl+-", words: "Smaller", group: "Everywhere", run: () => zoomBy(app, 1 / 1.1) },
  { keys: "Ctrl+0", words: "Usual size", group: "Everywhere", run: () => setZoom(app, 1) },
]);

await app.start();
listenToWindow(app);
document.documentElement.dataset.begun = "yes";
