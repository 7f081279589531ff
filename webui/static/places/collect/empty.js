// @ts-check
/** A set with nothing in it yet: a place to drop recordings, and the ways to get some. */
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { icon } from "../../parts/icon.js";
import { aurora } from "../welcome/aurora.js";

/**
 * @param {{onAdd: () => void, onDemo: () => void, onFolder: (() => void)|null}} actions
 * @returns {HTMLElement}
 */
export function emptySet({ onAdd, onDemo, onFolder }) {
  return element(
    "div",
    { class: "collect__empty" },
    aurora("collect__empty-picture"),
    icon("upload", "collect__empty-icon"),
    element("p", { class: "collect__empty-title", text: "Drop recordings or folders here" }),
    element("p", {
      class: "quiet",
      text: "Five are enough, some dozens are better. WAV, AIFF, FLAC, OGG, MP3 or a phone's recordings, of any length.",
    }),
    element(
      "div",
      { class: "line collect__empty-acts" },
      button({ label: "Add recordings", kind: "primary", icon: "plus", onPress: onAdd }),
      onFolder && button({ label: "Use a folder…", icon: "folder", onPress: onFolder }),
      button({ label: "Try the demo set", onPress: onDemo }),
    ),
  );
}
