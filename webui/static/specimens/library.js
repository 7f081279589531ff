// @ts-check
import { button } from "../parts/button.js";
import { element } from "../parts/element.js";
import { certificateGlyph } from "../widgets/certificate-glyph.js";
import { chip } from "../widgets/chip.js";
import { familyTree } from "../widgets/family-tree.js";
import { MapThumbnail } from "../widgets/map-thumbnail.js";
import { TextField } from "../widgets/text-field.js";
import { panel } from "./panel.js";

const VERSIONS = [
  { id: "1", name: "sax", words: "32 recordings", synthetic: 0, parents: [] },
  { id: "2", name: "sax 2", words: "40 recordings", synthetic: 0.12, parents: [{ id: "1", weight: 1 }], current: true },
  {
    id: "3",
    name: "sax breathy",
    words: "32 recordings",
    synthetic: 0.3,
    parents: [{ id: "1", weight: 1 }],
    deleted: true,
  },
  { id: "4", name: "tabla", words: "26 recordings", synthetic: 0, parents: [] },
  {
    id: "5",
    name: "sax and tabla",
    words: "blend",
    synthetic: 0.07,
    parents: [
      { id: "2", weight: 0.6 },
      { id: "4", weight: 0.4 },
    ],
  },
];

/** @param {HTMLElement} section @param {import("./data.js").Data} data */
export function showLibrary(section, data) {
  const groups = data.sliders.slice(0, 7).map(({ name, group = "" }) => ({ name, group }));
  const glyphs = [
    ["certified", "certified", "certified", "certified", "certified", "certified", "certified"],
    ["certified", "weak", "off", "certified", "weak", "certified", "off"],
    Array(7).fill("unmeasured"),
  ];
  const cards = ["sax", "kitchen, at night", "birds at the river"].map((name, at) => {
    const places = data.map.moments
      .filter((_, place) => place % (1 + 3 * at) === 0)
      .map(({ x, y, values }) => [x, at === 1 ? -y : y, (values.brightness - 10) / 1.5]);
    const picture = new MapThumbnail({ name, group: ["timbre", "texture", "harmony"][at], places });
    const title = new TextField({ name: `Name of ${name}`, value: name, look: "quiet" });
    title.element.classList.add("specimens__card-name");
    return element(
      "div",
      { class: "panel specimens__card stack" },
      picture.element,
      element(
        "div",
        { class: "specimens__ends" },
        title.element,
        button({ label: `More about ${name}`, kind: "icon", icon: "more" }),
      ),
      element("p", { class: "small", text: "32 recordings · 2 min 40 s · 3 November" }),
      element(
        "div",
        { class: "line" },
        certificateGlyph(groups.map((one, place) => ({ ...one, state: glyphs[at][place] }))),
        at === 1 && chip({ text: "field", onRemove: () => {} }),
      ),
    );
  });
  section.append(
    element("div", { class: "specimens__columns" }, ...cards),
    panel("Family", familyTree({ versions: VERSIONS, chosen: "5" })),
  );
}
