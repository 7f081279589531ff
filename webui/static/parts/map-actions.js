// @ts-check
/** Buttons at the corner of a map, each shown while there is something for it to do; they say what gestures do, too. */
import { button } from "./button.js";
import { element } from "./element.js";

/** @typedef {import("../widgets/map-view.js").MapView} MapView */

export class MapActions {
  /** @param {MapView} map */
  constructor(map) {
    const make = (/** @type {string} */ label, /** @type {string} */ icon, /** @type {() => void} */ onPress) => {
      const node = button({ label, icon, kind: "quiet", onPress });
      node.classList.add("map-view__action");
      return node;
    };
    this.stay = make("Stay here", "pin", () => map.stay([map.moments[map.focused].x, map.moments[map.focused].y]));
    this.leave = make("Leave the place", "close", () => map.stay(null));
    this.clear = make("Clear path", "close", () => map.commitPath([]));
    this.fit = button({
      label: "Show the whole map",
      kind: "icon",
      icon: "fit",
      onPress: () => map.look(() => map.box.reset()),
    });
    this.fit.classList.add("map-view__action");
    this.element = element("div", { class: "map-view__actions" }, this.stay, this.leave, this.clear, this.fit);
    this.update(map);
  }

  /** @param {MapView} map */
  update({ focused, place, path, moments, box }) {
    const moment = moments[focused];
    this.stay.hidden = !moment || (place?.[0] === moment.x && place?.[1] === moment.y);
    this.leave.hidden = !place;
    this.clear.hidden = !path.length;
    this.fit.hidden = box.zoom === 1;
  }
}
