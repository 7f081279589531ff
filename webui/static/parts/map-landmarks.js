// @ts-check
/** A map's other form: a few moments far from each other, as a list to play from and to stay at. */
import { showMeasured } from "../logic/certificate.js";
import { shortName } from "../logic/file-names.js";
import { button } from "./button.js";
import { element } from "./element.js";

/** @param {import("../widgets/map-view.js").MapView} map @returns {HTMLElement} hidden until it is asked for */
export function mapLandmarks(map) {
  const { descriptors } = map.options;
  return element(
    "ul",
    { class: "map-view__list", "aria-label": "Landmarks", hidden: true },
    ...map.landmarks.map((index) => {
      const moment = map.moments[index];
      const name = shortName(moment.file);
      const told = descriptors
        .slice(0, 3)
        .map((one) => `${one.name} ${showMeasured(moment.values[one.name] ?? 0, one.unit)}`);
      const play = button({
        label: `Play ${name} at ${moment.seconds.toFixed(2)} s`,
        kind: "icon",
        icon: "play",
        onPress: () => map.audition(index),
      });
      const stay = button({
        label: `Stay at ${name} at ${moment.seconds.toFixed(2)} s`,
        kind: "icon",
        icon: "pin",
        onPress: () => map.stay([moment.x, moment.y]),
      });
      return element(
        "li",
        { class: "map-view__landmark" },
        play,
        element("strong", { class: "ellipsis", text: name }),
        element("span", { class: "number", text: `${moment.seconds.toFixed(2)} s` }),
        element("span", { class: "small number ellipsis", text: told.join(" · ") }),
        stay,
      );
    }),
  );
}
