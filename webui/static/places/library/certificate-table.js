// @ts-check
/**
 * The certificate of a model as a table a musician reads: how far each slider goes, how steadily, and what else it
 * moves.
 */
import { get, part } from "../../core/api.js";
import { describe, showMeasured, STATES } from "../../logic/certificate.js";
import { alsoWords, keptWords, steadinessWords, throwWords } from "../../logic/library.js";
import { summarise } from "../../logic/slider-groups.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { tip } from "../../parts/tip.js";
import { certificateGlyph } from "../../widgets/certificate-glyph.js";
import { measure } from "./acts.js";

/** @typedef {import("../../logic/certificate.js").Slider} Slider */

const COLUMNS = [
  ["Slider", ""],
  ["Goes from … to", "What was measured in sounds made with it, at −10 and at +10."],
  ["How steadily", "Whether the sound goes on in one direction while the slider is moved from end to end."],
  [
    "Against the recordings",
    "How much of what the recordings span it reaches, from its lowest to its highest position.",
  ],
  ["Also, towards +10", "What else it moves, as a share of what the recordings span."],
];

export class CertificateTable {
  #asked = "";

  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.count = element("span", { class: "small" });
    this.again = button({
      label: "Measure further",
      kind: "plain",
      icon: "reset",
      tip: "Renders more sounds with each slider and measures them; it takes a minute or more.",
      onPress: () => this.model && measure(app, this.model),
    });
    this.rows = element("tbody", {});
    this.table = element(
      "table",
      { class: "certificate", "aria-label": "Sliders" },
      element("thead", {}, element("tr", {}, ...COLUMNS.map(heading))),
      this.rows,
    );
    this.words = element("p", { class: "quiet certificate__words", hidden: true });
    this.element = element(
      "section",
      { class: "panel", "aria-label": "Certificate" },
      element("div", { class: "panel__head" }, element("h2", { text: "Sliders" }), this.count, this.again),
      element("div", { class: "panel__body certificate__body" }, this.table, this.words),
    );
  }

  /** @param {Record<string, any>} model */
  async show(model) {
    this.model = model;
    const asked = (this.#asked = `${model.id} ${JSON.stringify(model.sliders)}`);
    const blend = model.kind === "blend";
    this.again.hidden = blend || Boolean(model.problem);
    const found = model.problem ? null : await get(`/api/models/${part(model.id)}/sliders`).catch(() => null);
    if (asked !== this.#asked) return;
    /** @type {Slider[]} */
    const sliders = found?.sliders ?? [];
    this.count.textContent = blend ? "" : summarise(sliders);
    const measured = blend || sliders.every(({ state }) => state === "unmeasured") ? [] : sliders;
    this.rows.replaceChildren(...measured.map((one) => this.#row(one)));
    this.table.hidden = !measured.length;
    this.words.hidden = measured.length > 0;
    const names = sliders.map(({ name }) => name).join(", ");
    this.words.textContent = blend
      ? `It has the sliders that its models share: ${names}. How far each goes was measured in every one of its models.`
      : "Its sliders work, but nobody knows how far each goes. Measure them, and it stands here.";
  }

  /** @param {Slider} slider */
  #row(slider) {
    const { name, state, low, high, range, unit } = slider;
    const group = this.app.words.sliders.find((/** @type {any} */ one) => one.name === name)?.group ?? "discovered";
    const glyph = certificateGlyph([{ name, state: state === "discovered" ? "certified" : state, group }]);
    const about = element(
      "th",
      { scope: "row", class: "certificate__name" },
      glyph,
      element("span", { text: name }),
      element("span", { class: "small certificate__ends", text: low && high ? `${low} – ${high}` : "" }),
    );
    const node = element("tr", { class: "certificate__row", data: { group, state } }, about);
    tip(about, () => describe({ ...slider, group }));
    if (state === "off" || state === "unmeasured") {
      const [first] = describe({ ...slider, group });
      node.append(
        element("td", {
          colspan: 4,
          class: "quiet",
          text: state === "off" || slider.reason ? first : "Not measured yet.",
        }),
      );
      return node;
    }
    const reach = range ? `${showMeasured(range[0], unit)} … ${showMeasured(range[2], unit)}` : "";
    const word = state === "certified" ? "" : (STATES[state]?.word ?? "");
    const weak = state === "weak" && slider.reason ? `weak: ${slider.reason}` : word;
    const below = [state === "weak" ? weak : "", keptWords(slider.kept)];
    const cells = [
      [reach || (state === "discovered" ? "a direction of its own" : ""), "number"],
      [steadinessWords(slider.steadiness), ""],
      [throwWords(slider.throw), ""],
      [alsoWords(slider.also) || (state === "discovered" ? "nothing that has a name" : "nothing else"), "quiet"],
    ];
    node.append(
      ...cells.map(([text, look], at) =>
        element(
          "td",
          { class: look, data: { label: COLUMNS[at + 1][0] } },
          text,
          below[at] && element("span", { class: "certificate__weak", text: below[at] }),
        ),
      ),
    );
    return node;
  }
}

/** @param {string[]} column */
function heading([text, words]) {
  const node = element("th", { scope: "col" }, element("span", { text, tabindex: words ? 0 : null }));
  if (words) tip(/** @type {Element} */ (node.firstElementChild), words);
  return node;
}
