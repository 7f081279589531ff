// @ts-check
/** Where something that floats stands beside its anchor, within the window. Pure; all in pixels. */
import { clamp } from "./numbers.js";

const GAP = 6;
const EDGE = 8; // kept free at the edges of the window

/**
 * @param {{left: number, top: number, right: number, bottom: number}} anchor
 * @param {{width: number, height: number}} size of what floats
 * @param {{width: number, height: number}} view
 * @param {"above"|"below"} [preferred]
 * @param {"start"|"centre"|"end"} [align]
 * @returns {{left: number, top: number, side: "above"|"below"}}
 */
export function placeBeside(anchor, size, view, preferred = "below", align = "start") {
  const above = anchor.top - GAP - size.height;
  const below = anchor.bottom + GAP;
  const fits = { above: above >= EDGE, below: below + size.height <= view.height - EDGE };
  const other = preferred === "above" ? "below" : "above";
  const side = fits[preferred] || !fits[other] ? preferred : other;
  const starts = {
    start: anchor.left,
    centre: (anchor.left + anchor.right - size.width) / 2,
    end: anchor.right - size.width,
  };
  return {
    left: clamp(starts[align], EDGE, Math.max(EDGE, view.width - EDGE - size.width)),
    top: clamp(side === "above" ? above : below, EDGE, Math.max(EDGE, view.height - EDGE - size.height)),
    side,
  };
}
