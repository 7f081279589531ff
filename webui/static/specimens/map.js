// @ts-check
import { element } from "../parts/element.js";
import { MapView } from "../widgets/map-view.js";
import { HeadView } from "../widgets/head-view.js";
import { panel } from "./panel.js";

/** @param {HTMLElement} section @param {import("./data.js").Data} data */
export function showMap(section, data) {
  const framed = (/** @type {MapView} */ map) =>
    element(
      "div",
      { class: "panel specimens__map" },
      element("div", { class: "panel__head" }, element("h2", { text: "Map" }), map.tools),
      map.element,
    );
  const path = new MapView({ map: data.map, descriptors: data.descriptors, colour: "texture" });
  path.setPath([
    [-0.75, 0.42],
    [-0.1, 0.02],
    [0.35, 0.3],
    [0.8, -0.42],
  ]);
  const trace = new MapView({ map: data.map, descriptors: data.descriptors, colour: "tension" });
  trace.setTrace(data.map.moments.slice(40, 61).map(({ x, y }, at) => [at / 2, x, y]));
  trace.setPlayhead(7.2);
  trace.setPlace([0.2, -0.3]);
  const list = new MapView({ map: data.map, descriptors: data.descriptors, colour: "motion" });
  list.setForm("list");
  const few = new MapView({
    map: { ...data.map, moments: data.map.moments.filter((_, at) => at % 14 === 0), landmarks: [2, 9, 17] },
    descriptors: data.descriptors,
    colour: "brightness",
  });
  section.append(
    element("div", { class: "specimens__maps" }, framed(path), framed(trace), framed(few), framed(list)),
    element(
      "div",
      { class: "specimens__columns" },
      panel(
        "Space, from above",
        new HeadView({
          sources: [
            { azimuth_degrees: 30, distance: 0.2, level: 0.9 },
            { azimuth_degrees: -75, distance: 0.6, level: 0.5 },
            { azimuth_degrees: 150, distance: 1, level: 0.2 },
            { azimuth_degrees: 95, distance: 0.8, level: 0.35 },
          ],
        }).element,
      ),
    ),
  );
}
