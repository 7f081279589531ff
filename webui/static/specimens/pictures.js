// @ts-check
import { showSigned } from "../logic/numbers.js";
import { TimeView } from "../logic/time-axis.js";
import { element } from "../parts/element.js";
import { Lane } from "../widgets/lane.js";
import { LevelMeter } from "../widgets/level-meter.js";
import { SoundPicture } from "../widgets/sound-picture.js";
import { feed } from "./data.js";
import { panel } from "./panel.js";

/** @param {HTMLElement} section @param {import("./data.js").Data} data */
export function showPictures(section, data) {
  const time = new TimeView(10);
  const large = new SoundPicture({
    name: "output 41",
    time,
    onSeek: (seconds) => {
      large.setPlayhead(seconds);
      lanes.forEach((lane) => lane.setPlayhead(seconds));
    },
  });
  feed(large, data);
  const lanes = [
    new Lane({
      name: "brightness",
      group: "timbre",
      ends: ["dark", "bright"],
      low: -10,
      high: 10,
      origin: 0,
      time,
      curve: [
        [0, -4],
        [5, 8],
        [8, 5],
        [10, 0],
      ],
      write: showSigned,
      onClose: () => {},
    }),
    new Lane({
      name: "density",
      group: "time",
      ends: ["0.1 /s", "20 /s"],
      low: 0.1,
      high: 20,
      time,
      curve: [
        [0, 2],
        [6, 2],
        [9.5, 14],
      ],
      write: (value) => `${value.toFixed(1)} /s`,
      onClose: () => {},
    }),
  ];
  large.setPlayhead(3.7);
  lanes.forEach((lane) => lane.setPlayhead(3.7));
  large.setSelection({ start: 5.1, end: 6.6 });
  const server = new SoundPicture({ name: "a picture of the server", size: "strip" });
  server.setPicture({ columns: 480, rows: 128, cells: data.cells, low_hz: 40, high_hz: 18_000, seconds: 10 });
  const strip = new SoundPicture({ name: "a strip", size: "strip" });
  feed(strip, data);
  strip.setPlayhead(6.2);
  const thumbnails = [0, 2, 4, 6].map((from) => {
    const one = new SoundPicture({ name: `from ${from} s`, size: "thumbnail" });
    feed(one, data, from, from + 2);
    return one.element;
  });
  const meters = [
    [-18, -15],
    [-3, -6],
    [0, -0.05],
  ].map((levels) => {
    const meter = new LevelMeter();
    meter.set(levels);
    return meter.element;
  });
  section.append(
    element("div", { class: "panel" }, large.element, ...lanes.map((lane) => lane.element)),
    element(
      "div",
      { class: "specimens__columns" },
      panel("Strips: one of the server, one heard here", server.element, strip.element),
      panel(
        "Thumbnails and levels",
        element("div", { class: "line" }, ...thumbnails),
        element("div", { class: "line specimens__wide" }, ...meters),
      ),
    ),
  );
}
