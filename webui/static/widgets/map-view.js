// @ts-check
/**
 * The map of a model's sound: a dot for each half second of its recordings, coloured by what is measured there. See
 * parts/map-hands.js for how it is played on. `element` is the map, `tools` what belongs into the head of its panel:
 * what it is coloured by with a legend, and its other form, a list of landmarks.
 */
import { showMeasured } from "../logic/certificate.js";
import { css } from "../logic/colour.js";
import { colourBy } from "../logic/map-colouring.js";
import { MapSearch } from "../logic/map-search.js";
import { MapViewBox } from "../logic/map-view-box.js";
import { CanvasSurface } from "../parts/canvas-surface.js";
import { element } from "../parts/element.js";
import { paintAbove } from "../parts/map-above.js";
import { MapActions } from "../parts/map-actions.js";
import { playOnMap } from "../parts/map-hands.js";
import { MapHint } from "../parts/map-hint.js";
import { mapLandmarks } from "../parts/map-landmarks.js";
import { MapLegend } from "../parts/map-legend.js";
import { mapColours, paintMoments } from "../parts/map-paint.js";
import { edgeWords } from "../parts/map-words.js";
import { onTheme } from "../parts/theme.js";

const KEYS = "Arrow keys step between moments, Enter plays one, Space stays there.";

/**
 * @typedef {{file: string, seconds: number, x: number, y: number, values: Record<string, number>}} Moment
 * @typedef {{name: string, low: string, high: string}} Meaning
 * @typedef {[number, number]} Place
 * @typedef {object} MapViewOptions
 * @property {{moments: Moment[], landmarks: number[], x: Meaning[], y: Meaning[]}} map of `/api/models/ID/map`
 * @property {{name: string, unit: string, group: string}[]} descriptors that it may be coloured by
 * @property {string} [colour] name of the descriptor it begins with
 * @property {(moment: Moment, index: number) => void} [onAudition]
 * @property {(place: Place|null) => void} [onStay] null when the place is left
 * @property {(path: Place[]) => void} [onPath] after it was drawn or edited; empty when it was taken away
 * @property {(name: string) => void} [onColour]
 */
export class MapView {
  /** @param {MapViewOptions} options */
  constructor(options) {
    const { map, descriptors } = options;
    this.options = options;
    this.moments = map.moments;
    this.landmarks = map.landmarks;
    this.search = new MapSearch(this.moments);
    this.box = new MapViewBox();
    this.hovered = this.focused = this.stop = -1;
    this.seconds = 0;
    this.group = "";
    /** How far each moment is along the colours. @type {number[]} */ this.shares = [];
    this.write = (/** @type {Moment} */ _) => "";
    /** @type {Place[]} */ this.path = [];
    /** @type {Place[]|null} */ this.stroke = null;
    /** @type {Place|null} */ this.place = null;
    /** @type {[number, number, number][]} */ this.trace = [];
    this.below = new CanvasSurface((context, size) => {
      this.box.resize(size.width, size.height);
      paintMoments(context, this);
    }, "map-view__canvas");
    this.above = new CanvasSurface((context) => paintAbove(context, this), "map-view__canvas");
    this.legend = new MapLegend({
      descriptors,
      colour: options.colour ?? descriptors[0].name,
      onColour: (name) => {
        this.setColour(name);
        options.onColour?.(name);
      },
      onForm: (form) => this.setForm(form),
    });
    this.tools = this.legend.element;
    this.words = edgeWords(map);
    this.hint = new MapHint();
    this.actions = new MapActions(this);
    this.field = element(
      "div",
      { class: "map-view__field", role: "application", tabindex: 0, "aria-label": "Map", "aria-description": KEYS },
      this.below.element,
      this.above.element,
    );
    this.list = mapLandmarks(this);
    const words = element("div", { class: "map-view__words", "aria-hidden": "true" }, ...this.words);
    const parts = [this.field, words, this.hint.shown, this.hint.live, this.list, this.actions.element];
    this.element = element("div", { class: "map-view" }, ...parts);
    this.forgetTheme = onTheme(() => this.setColour(this.legend.colour));
    this.setColour(this.legend.colour);
    playOnMap(this, this.field);
  }

  /** @param {string} name of a descriptor */
  setColour(name) {
    const { unit, group } = this.options.descriptors.find((one) => one.name === name) ?? this.options.descriptors[0];
    const { shares, low, high } = colourBy(this.moments, name);
    [this.shares, this.group] = [shares, group];
    this.write = (/** @type {Moment} */ moment) => `${name} ${showMeasured(moment.values[name] ?? 0, unit)}`;
    const colours = mapColours(document.documentElement, group).map((one) => css(one));
    this.legend.show(name, showMeasured(low, unit), showMeasured(high, unit), colours);
    this.below.request();
    this.above.request();
  }

  /** @param {"map"|"list"} form */
  setForm(form) {
    this.element.dataset.form = form;
    this.list.hidden = form === "map";
    this.field.hidden = form === "list";
  }

  /** @param {Place|null} place where the sound stays */
  setPlace(place) {
    this.place = place;
    this.#show();
  }

  /** @param {Place[]} path */
  setPath(path) {
    this.path = path;
    this.#show();
  }

  /** @param {[number, number, number][]} trace seconds, x, y: where the output went */
  setTrace(trace) {
    this.trace = trace;
    this.above.request();
  }

  /** @param {number} seconds */
  setPlayhead(seconds) {
    this.seconds = seconds;
    if (this.trace.length) this.above.request();
  }

  destroy() {
    this.forgetTheme();
    for (const layer of [this.below, this.above]) layer.destroy();
    for (const node of [this.element, this.tools]) node.remove();
  }

  /** Change which moment or stop is meant. @param {{hovered?: number, focused?: number, stop?: number}} change */
  choose({ hovered = this.hovered, focused = this.focused, stop = this.stop }) {
    if (hovered === this.hovered && focused === this.focused && stop === this.stop) return;
    const said = focused !== this.focused && this.moments[focused];
    [this.hovered, this.focused, this.stop] = [hovered, focused, stop];
    if (said) this.hint.say(said, this.write(said));
    this.#hint();
    this.#show();
  }

  /** Change what is in view. @param {() => void} change */
  look(change) {
    change();
    this.#hint();
    this.below.request();
    this.#show();
  }

  /** @param {Place[]|null} stroke while it is drawn */
  draw(stroke) {
    this.stroke = stroke;
    this.above.request();
  }

  /** @param {Place[]} path @param {number} [stop] that stays chosen */
  commitPath(path, stop = -1) {
    this.stroke = null;
    this.stop = stop;
    this.setPath(path.length > 1 ? path : []);
    this.options.onPath?.(this.path);
  }

  /** @param {number} index */
  audition(index) {
    this.options.onAudition?.(this.moments[index], index);
  }

  /** @param {Place|null} place */
  stay(place) {
    this.setPlace(place);
    this.options.onStay?.(place);
  }

  #show() {
    this.actions.update(this);
    this.above.request();
  }

  #hint() {
    const moment = this.moments[this.hovered >= 0 ? this.hovered : this.focused];
    const measured = moment ? this.write(moment) : "";
    this.hint.show(moment, measured, this.box.toScreen(moment?.x ?? 0, moment?.y ?? 0), this.box.width);
  }
}
