// @ts-check
/**
 * Every action has a key, and every key is listed in Help. A key counts where nothing is typed; with a text field or a
 * slider in focus, those that the field needs itself stay with it.
 */

const TYPING = "input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

/**
 * @typedef {object} Shortcut
 * @property {string} keys as it is written: "Space", "Ctrl+Z", "Shift+M", "?"
 * @property {string} words what it does
 * @property {string} group under which it stands in Help
 * @property {() => any} run
 * @property {() => boolean} [when] whether it counts now
 * @property {boolean} [hidden] not listed: another way to write one that is
 */

/** @type {Shortcut[]} */
const shortcuts = [];

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/**
 * Add shortcuts. @param {Shortcut[]} more @returns {() => void} takes them out again
 */
export function addShortcuts(more) {
  shortcuts.push(...more);
  return () => more.forEach((one) => shortcuts.splice(shortcuts.indexOf(one), 1));
}

/** All shortcuts by group, for Help. @returns {Map<string, Shortcut[]>} */
export function listShortcuts() {
  /** @type {Map<string, Shortcut[]>} */
  const groups = new Map();
  for (const one of shortcuts) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}

/** How a shortcut is written on this computer. @param {string} keys */
export const showKeys = (keys) => (isMac ? keys.replace("Ctrl+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥") : keys);

/** A keyboard event as a shortcut is written. @param {KeyboardEvent} event */
export function keysOf(event) {
  const named = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shifted = event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key));
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  return `${control}${event.altKey ? "Alt+" : ""}${shifted ? "Shift+" : ""}${named}`;
}

/** Whether a key belongs to what is in focus. @param {KeyboardEvent} event */
function belongsToFocus(event) {
  const focus = event.target instanceof Element ? event.target : null;
  if (!focus) return false;
  if (focus.closest(TYPING)) return !(event.ctrlKey || event.metaKey) || /^[acvxz]$/i.test(event.key);
  const pressed = [" ", "Enter"].includes(event.key) && focus.closest("button, a, summary, [role=button], [role=option], [role=application], input:not([type=range])");
  const moved = /^(Arrow|Page|Home|End|Delete|Backspace|Escape)/.test(event.key) && focus.closest("input, [role=slider], [role=application], [role=grid], [role=radiogroup], [role=tree], canvas");
  return Boolean(pressed || moved);
}

/** Listen to the keyboard. */
export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || belongsToFocus(event) || document.querySelector("dialog[open]")) return;
    const pressed = keysOf(event);
    const found = shortcuts.find((one) => one.keys === pressed && (one.when?.() ?? true));
    if (!found) return;
    event.preventDefault();
    found.run();
  });
}
