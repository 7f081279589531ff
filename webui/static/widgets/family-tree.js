// @ts-check
/** Where a model comes from: versions from left to right, blends joined, and the synthetic share of each. */
import { layOut } from "../logic/tree-layout.js";
import { drawing, element } from "../parts/element.js";
import { tip } from "../parts/tip.js";

const [WIDTH, HEIGHT, ACROSS, DOWN] = [116, 40, 36, 12];

/**
 * @typedef {object} Version
 * @property {string} id @property {string} name @property {string} words such as "32 recordings"
 * @property {number} synthetic share of outputs fed back, 0 to 1
 * @property {boolean} [current] @property {boolean} [deleted]
 * @property {{id: string, weight: number}[]} parents
 */

/**
 * @param {{versions: Version[], chosen?: string, onChoose?: (id: string) => void}} options the older first
 * @returns {HTMLElement}
 */
export function familyTree({ versions, chosen, onChoose }) {
  const { placed, links, columns, rows } = layOut(versions);
  const left = (/** @type {{column: number}} */ one) => one.column * (WIDTH + ACROSS);
  const top = (/** @type {{row: number}} */ one) => one.row * (HEIGHT + DOWN);
  const [width, height] = [columns * (WIDTH + ACROSS) - ACROSS, rows * (HEIGHT + DOWN) - DOWN];
  const lines = links.map(({ from, to, weight }) => {
    const [x1, y1, x2, y2] = [left(from) + WIDTH, top(from) + HEIGHT / 2, left(to), top(to) + HEIGHT / 2];
    return drawing("path", {
      class: "family-tree__link",
      d: `M${x1} ${y1}C${x1 + 20} ${y1} ${x2 - 20} ${y2} ${x2} ${y2}`,
      "stroke-width": 1 + 1.5 * weight,
    });
  });
  const nodes = placed.map((one) => node(one, one.id === chosen, left(one), top(one), onChoose));
  const tree = element(
    "div",
    { class: "family-tree__tree" },
    drawing("svg", { width, height, "aria-hidden": "true" }, ...lines),
    element("ul", { "aria-label": "Versions" }, ...nodes),
  );
  tree.style.width = `${width}px`;
  tree.style.height = `${height}px`;
  return element("div", { class: "family-tree" }, tree);
}

/**
 * @param {Version} version
 * @param {boolean} chosen
 * @param {number} left
 * @param {number} top
 * @param {((id: string) => void)|undefined} onChoose
 */
function node({ id, name, words, synthetic, current, deleted }, chosen, left, top, onChoose) {
  const share = element("span", { class: "family-tree__share", hidden: !synthetic });
  share.style.setProperty("--share", String(synthetic));
  const press = element(
    "button",
    {
      type: "button",
      class: "family-tree__node",
      "aria-current": chosen ? "true" : null,
      data: { current: current ? "" : undefined, deleted: deleted ? "" : undefined },
      on: { click: () => onChoose?.(id) },
    },
    element("span", { class: "family-tree__name ellipsis", text: name }),
    element("span", { class: "small ellipsis", text: deleted ? "deleted" : words }),
    share,
  );
  tip(press, () =>
    [
      `${name}: ${words}.`,
      synthetic > 0 && `${Math.round(100 * synthetic)} % of what it learned from are outputs fed back.`,
      current && "This version is in use.",
    ].filter((one) => typeof one === "string"),
  );
  const item = element("li", { class: "family-tree__item" }, press);
  item.style.left = `${left}px`;
  item.style.top = `${top}px`;
  return item;
}
