// @ts-check
/** The head of a map: what it is coloured by, the legend of the colours, and the choice between map and list. */
import { drawing, element, freshId } from "./element.js";
import { icon } from "./icon.js";

export class MapLegend {
  /**
   * @param {{descriptors: {name: string}[], colour: string, onColour: (name: string) => void,
   *     onForm: (form: "map"|"list") => void}} options
   */
  constructor({ descriptors, colour, onColour, onForm }) {
    this.colour = colour;
    this.select = element(
      "select",
      { class: "select__native", "aria-label": "Map colour", on: { change: () => onColour(this.select.value) } },
      ...descriptors.map(({ name }) => element("option", { value: name, text: name })),
    );
    this.low = element("span", { class: "number" });
    this.high = element("span", { class: "number" });
    this.bar = element("span", { class: "map-legend__bar" });
    const group = freshId("form");
    const form = (/** @type {"map"|"list"} */ value, /** @type {string} */ label) =>
      element(
        "label",
        { class: "segmented__choice" },
        element("input", {
          type: "radio",
          class: "segmented__input",
          name: group,
          value,
          checked: value === "map",
          "aria-label": label,
          on: { change: () => onForm(value) },
        }),
        icon(value),
      );
    this.element = element(
      "div",
      { class: "map-legend" },
      element(
        "span",
        { class: "select select--inline" },
        element("span", { class: "select__box" }, this.select, icon("chevron-down")),
      ),
      element("span", { class: "map-legend__scale", "aria-hidden": "true" }, this.low, this.bar, this.high),
      element(
        "div",
        { class: "segmented segmented--small", role: "radiogroup", "aria-label": "Form of the map" },
        form("map", "As a map"),
        form("list", "As a list"),
      ),
    );
  }

  /**
   * @param {string} name
   * @param {string} low
   * @param {string} high what the ends of the colours stand for
   * @param {string[]} colours
   */
  show(name, low, high, colours) {
    this.colour = this.select.value = name;
    this.low.textContent = low;
    this.high.textContent = high;
    const id = freshId("legend");
    this.bar.replaceChildren(
      drawing(
        "svg",
        { width: 64, height: 6 },
        drawing(
          "defs",
          {},
          drawing(
            "linearGradient",
            { id },
            ...colours.map((colour, at) =>
              drawing("stop", { offset: at / (colours.length - 1), "stop-color": colour }),
            ),
          ),
        ),
        drawing("rect", { width: 64, height: 6, rx: 3, fill: `url(#${id})` }),
      ),
    );
  }
}
