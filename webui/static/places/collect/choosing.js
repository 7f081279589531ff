// @ts-check
/**
 * Choosing recordings: files by the browser's own chooser, and in the program's window a folder by the native dialog.
 */
import { post } from "../../core/api.js";
import { element } from "../../parts/element.js";

/**
 * Let the person choose several files. Inside of a click or a key.
 * @param {import("../../core/app.js").App} app
 * @param {(dropped: import("../../logic/drop-entries.js").Dropped[]) => void} onChosen
 */
export function chooseFiles(app, onChosen) {
  const accept = [...app.words.recording_suffixes, "audio/*"].join(",");
  const input = element("input", {
    type: "file",
    multiple: true,
    accept,
    hidden: true,
    "aria-hidden": "true",
    tabindex: -1,
  });
  input.addEventListener("change", () => {
    onChosen([...(input.files ?? [])].map((file) => ({ file, entry: null })));
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input); // some web views open no chooser for an input that is not on the page
  input.click();
}

/**
 * Let the person choose a folder; null where they did not.
 * @param {import("../../core/app.js").App} app
 * @returns {Promise<string|null>}
 */
export async function chooseFolder(app) {
  const chosen = await app.attempt(post("/api/system/choose-folder", { title: "A folder of recordings" }));
  return chosen?.folder ?? null;
}
