// @ts-check
/** Puts names beside points so that no name covers another, a point with a name, or the edge. Pure. */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

const GAP = 9; // pixels between a point and its name

/**
 * @param {{x: number, y: number, width: number}[]} points in pixels, with the width of each name; the first come first
 * @param {{width: number, height: number, lineHeight?: number, taken?: Box[], dots?: number[][]}} area `taken` is left
 *     free; of the places that are left, the one that covers the fewest `dots` is chosen
 * @returns {({left: number, top: number} | null)[]} upper left corner of each name; null where there is no room for it
 */
export function placeLabels(points, { width, height, lineHeight = 14, taken = [], dots = [] }) {
  /** @type {Box[]} */
  const boxes = [...taken];
  const marks = points.map(({ x, y }) => ({ left: x - 4, top: y - 4, right: x + 4, bottom: y + 4 }));
  return points.map((point, index) => {
    const others = marks.filter((_, place) => place !== index);
    const free = candidates(point, lineHeight).filter(
      (box) =>
        box.left >= 4 &&
        box.top >= 4 &&
        box.right <= width - 4 &&
        box.bottom <= height - 4 &&
        ![...boxes, ...others].some((other) => overlap(box, other)),
    );
    if (!free.length) return null;
    const covered = free.map(
      (box) => dots.filter(([x, y]) => x > box.left - 3 && x < box.right + 3 && y > box.top && y < box.bottom).length,
    );
    const found = free[covered.indexOf(Math.min(...covered))];
    boxes.push(found);
    return { left: found.left, top: found.top };
  });
}

/**
 * Right, left, above, below, and the four corners, in this order of preference.
 * @param {{x: number, y: number, width: number}} point
 * @param {number} height
 * @returns {Box[]}
 */
function candidates({ x, y, width }, height) {
  const across = [x + GAP, x - GAP - width, x - width / 2];
  const down = [y - height / 2, y - GAP - height + 2, y + GAP - 2];
  const order = [
    [0, 0],
    [1, 0],
    [2, 1],
    [2, 2],
    [0, 1],
    [1, 1],
    [0, 2],
    [1, 2],
  ];
  return order.map(([column, row]) => ({
    left: across[column],
    top: down[row],
    right: across[column] + width,
    bottom: down[row] + height,
  }));
}

/** @param {Box} one @param {Box} other */
const overlap = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
