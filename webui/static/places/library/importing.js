// @ts-check
/** Importing a model from its file, chosen in the browser's own chooser. A drop is taken by the whole window. */
import { importModel } from "../../core/drops.js";
import { element } from "../../parts/element.js";

/** Let a person choose model files. Inside of a click or a key. @param {import("../../core/app.js").App} app */
export function importFile(app) {
  const input = element("input", {
    type: "file",
    multiple: true,
    accept: ".sda",
    hidden: true,
    "aria-hidden": "true",
    tabindex: -1,
  });
  input.addEventListener("change", async () => {
    const files = [...(input.files ?? [])];
    input.remove();
    for (const file of files) await app.attempt(importModel(app, file));
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input); // some web views open no chooser for an input that is not on the page
  input.click();
}
