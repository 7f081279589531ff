// @ts-check
/**
 * How the page looks to this person: theme and size. The program's preferences keep them; what the browser keeps is for
 * the first picture only, and the window's forgets it.
 */
import { setTheme, themeWish } from "../parts/theme.js";

const NEXT = /** @type {const} */ ({ system: "dark", dark: "light", light: "system" });
const WORDS = { system: "as the system", dark: "dark", light: "light" };
const [SMALLEST, LARGEST] = [0.5, 2];

/** Look as the person left it. @param {import("./app.js").App} app */
export function restoreLooks(app) {
  const { theme, zoom } = app.preferences.page;
  if (theme in NEXT) {
    setTheme(theme);
    keep("sda.theme", theme);
  }
  if (typeof zoom === "number") show(zoom);
}

/** Take the next theme, and say which. @param {import("./app.js").App} app */
export function nextTheme(app) {
  const theme = NEXT[themeWish()];
  setTheme(theme);
  keep("sda.theme", theme);
  app.prefer({ theme });
  return WORDS[theme];
}

/** @param {import("./app.js").App} app @param {number} factor */
export const zoomBy = (app, factor) => setZoom(app, (Number(document.documentElement.style.getPropertyValue("zoom")) || 1) * factor);

/** @param {import("./app.js").App} app @param {number} zoom 1 is as usual */
export function setZoom(app, zoom) {
  app.prefer({ zoom: show(zoom) });
}

/** Show the page in a size, and return the size. @param {number} zoom */
function show(zoom) {
  const kept = Math.min(LARGEST, Math.max(SMALLEST, Math.round(zoom * 20) / 20));
  document.documentElement.style.setProperty("zoom", String(kept));
  keep("sda.zoom", String(kept));
  window.dispatchEvent(new Event("resize"));
  return kept;
}

/** @param {string} name @param {string} value */
function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // a browser that keeps nothing
  }
}
