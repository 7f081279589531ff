// @ts-check
/** Shows something above all else, beside an anchor; in the top layer where the browser has popovers. */
import { placeBeside } from "../logic/placement.js";

/**
 * @param {HTMLElement} node what floats; hidden until now
 * @param {Element} anchor
 * @param {{preferred?: "above"|"below", align?: "start"|"centre"|"end"}} [options]
 */
export function float(node, anchor, { preferred, align } = {}) {
  (anchor.closest("dialog") ?? document.body).append(node);
  if (node.showPopover) {
    node.popover = "manual";
    node.showPopover();
  }
  const view = { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight };
  const own = node.getBoundingClientRect();
  // under a zoomed root the boxes are in pixels of the window, and `left` is in zoomed ones
  const zoom = own.width / (node.offsetWidth || 1) || 1;
  const place = placeBeside(
    anchor.getBoundingClientRect(),
    own,
    { width: view.width * zoom, height: view.height * zoom },
    preferred,
    align,
  );
  node.style.left = `${place.left / zoom}px`;
  node.style.top = `${place.top / zoom}px`;
  node.dataset.side = place.side;
}

/** @param {HTMLElement} node */
export function sink(node) {
  node.remove();
}
