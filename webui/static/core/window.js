// @ts-check
/** Messages of the program around the page: files that were given to it, and that its window was asked to close. */
import { button } from "../parts/button.js";
import { element } from "../parts/element.js";
import { Dialog } from "../widgets/dialog.js";
import { bytes, get, part, post, remove } from "./api.js";
import { take } from "./drops.js";

/** @param {import("./app.js").App} app */
export function listenToWindow(app) {
  const fetchOpened = inTurn(() => app.attempt(takeOpened(app)));
  app.state.on("opened", fetchOpened);
  fetchOpened();
  let withdraw = () => {};
  app.state.on("closing", (/** @type {boolean} */ asked) => {
    withdraw();
    withdraw = asked ? askBeforeClosing(app) : () => {};
  });
}

/** Take the files that wait, as if they were dropped on the page. @param {import("./app.js").App} app */
async function takeOpened(app) {
  const { opened } = await get("/api/opened");
  const entries = [];
  for (const one of opened) {
    const { data } = await bytes(`/api/opened/${part(one.id)}`);
    await remove(`/api/opened/${part(one.id)}`);
    entries.push({ file: new File([data], one.name), entry: null });
  }
  if (entries.length) await take(app, entries);
}

/** Let a task run once at a time; asked for meanwhile, it runs once more. @param {() => Promise<any>} task */
function inTurn(task) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await task();
    }
    running = false;
  };
}

/**
 * Ask what becomes of the training.
 * @param {import("./app.js").App} app
 * @returns {() => void} takes the question back, unanswered
 */
function askBeforeClosing(app) {
  let open = true;
  /** @param {boolean|null} keep */
  const answer = async (keep) => {
    if (!open) return;
    withdraw();
    app.state.closing = false; // so that it is asked again, also where nobody looked in between
    if (keep) app.say("The window closes once what was learned is kept.");
    await app.attempt(post("/api/system/close", { keep }));
    app.state.ask();
  };
  const withdraw = () => {
    open = false;
    dialog.close();
  };
  const dialog = new Dialog({
    title: "A training is under way",
    body: [element("p", { text: "Keep what it has learned so far as a model, or close at once and go on with it at the next start." })],
    actions: [
      button({ label: "Stay", kind: "plain", onPress: () => answer(null) }),
      button({ label: "Close and go on later", onPress: () => answer(false) }),
      button({ label: "Keep and close", kind: "primary", onPress: () => answer(true) }),
    ],
    onClose: () => {
      answer(null);
      dialog.destroy();
    },
  });
  dialog.open();
  return withdraw;
}
