// @ts-check
/** A tooltip: full sentences beside what is pointed at or focused, gone at the next press or key. */
import { element, freshId } from "./element.js";
import { float, sink } from "./floating.js";

const PATIENCE = 450; // milliseconds of pointing before it shows
const FOCUS_PATIENCE = 800; // milliseconds of having the focus
const WARM = 300; // milliseconds in which the next one shows at once

let closedAt = 0;
/** @type {{node: HTMLElement, owner: Element} | null} */
let open = null;

function close() {
  if (!open) return;
  open.owner.removeAttribute("aria-describedby");
  sink(open.node);
  open = null;
  closedAt = performance.now();
}

/** @param {Element} owner @param {string[]} sentences */
function show(owner, sentences) {
  close();
  const node = element(
    "div",
    { class: "tip", role: "tooltip", id: freshId("tip") },
    ...sentences.map((one) => element("p", { text: one })),
  );
  open = { node, owner };
  float(node, owner, { preferred: "above", align: "centre" });
  owner.setAttribute("aria-describedby", node.id);
}

addEventListener("keydown", close, { capture: true });
addEventListener("pointerdown", close, { capture: true });
addEventListener("scroll", close, { capture: true, passive: true });
addEventListener("hashchange", close);

/**
 * @param {Element} owner
 * @param {string | (() => string | string[])} words asked when it shows; nothing shows where there are none
 */
export function tip(owner, words) {
  let waiting = 0;
  const say = () => {
    const said = typeof words === "string" ? words : words();
    const sentences = (Array.isArray(said) ? said : [said]).filter(Boolean);
    if (sentences.length && owner.isConnected) show(owner, sentences);
  };
  const leave = () => {
    clearTimeout(waiting);
    if (open?.owner === owner) close();
  };
  owner.addEventListener("pointerenter", (event) => {
    if (/** @type {PointerEvent} */ (event).pointerType === "touch") return;
    waiting = window.setTimeout(say, performance.now() - closedAt < WARM ? 0 : PATIENCE);
  });
  owner.addEventListener("pointerleave", leave);
  owner.addEventListener("pointerdown", () => clearTimeout(waiting));
  owner.addEventListener("focus", () => {
    if (owner.matches(":focus-visible")) waiting = window.setTimeout(say, FOCUS_PATIENCE);
  });
  owner.addEventListener("keydown", () => clearTimeout(waiting));
  owner.addEventListener("blur", leave);
}
