// @ts-check
/** Welcome: what a person sees who has nothing here yet. */
import { post } from "../../core/api.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { chooseFiles, chooseFolder } from "../collect/choosing.js";
import { aurora } from "./aurora.js";

const SENTENCES = [
  "Give it a handful of your own recordings.",
  "In a few minutes it learns the space of sound between them.",
  "Then turn it brighter, rougher or further out, and keep what you have never heard before.",
];

/** @param {import("../../core/app.js").App} app */
export function create(app) {
  const add = () =>
    chooseFiles(app, (dropped) => {
      app.pendingDrop.push(...dropped);
      app.go("collect");
    });
  const demo = async () => {
    trial.disabled = true;
    app.say("The demo set is being made");
    const set = await app.attempt(post("/api/sets/demo"));
    trial.disabled = false;
    if (set) app.go("collect", set.id);
  };
  const folder = async () => {
    const chosen = await chooseFolder(app);
    const set = chosen && (await app.attempt(post("/api/sets", { folder: chosen })));
    if (set) app.go("collect", set.id);
  };
  const trial = button({ label: "Try the demo set", onPress: demo });
  const [first, ...others] = SENTENCES;
  const words = element(
    "div",
    { class: "welcome__words" },
    element("h1", { class: "welcome__first", text: first }),
    ...others.map((text) => element("p", { class: "welcome__next", text })),
    element(
      "div",
      { class: "line welcome__acts" },
      button({ label: "Add recordings", kind: "primary", onPress: add }),
      trial,
      app.system.desktop && button({ label: "Use a folder…", kind: "plain", icon: "folder", onPress: folder }),
    ),
  );
  return {
    element: element("section", { class: "welcome", "aria-label": "Welcome" }, aurora("welcome__picture"), words),
  };
}
