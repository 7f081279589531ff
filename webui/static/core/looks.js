// @ts-check
/** How the page looks to this person: theme and size, kept here for the next start and in the program's preferences. */
import { setTheme, themeWish } from "../parts/theme.js";

const NEXT = /** @type {const} */ ({ system: "dark", dark: "light", light: "system" });
const WORDS = { system: "as the system", dark: "dark", light: "light" };
const [SMALLEST, LARGEST] = [0.5, 2];

/** Take the next theme, and say which. @param {import("./app.js").App} app */
export function nextTheme(app) {
  const theme = NEXT[themeWish()];
  setTheme(theme);
  keep("sda.theme", theme);
  app.prefer({ theme });
  return WORDS[theme];
}

/** @param {number} factor */
export const zoomBy = (factor) => setZoom((Number(document.documentElement.style.getPropertyValue("zoom")) || 1) * factor);

/** @param {number} zoom 1 is as usual */
export function setZoom(zoom) {
  const kept = Math.min(LARGEST, Math.max(SMALLEST, Math.round(zoom * 20) / 20));
  document.documentElement.style.setProperty("zoom", String(kept));
  keep("sda.zoom", String(kept));
  window.dispatchEvent(new Event("resize"));
}

/** @param {string} name @param {string} value */
function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // a browser that keeps nothing
  }
}
