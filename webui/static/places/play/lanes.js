// @ts-check
/**
 * Lanes of settings that move, one below the other on the time axis of the sound picture. Each setting that begins to
 * move gets its lane; closing a lane leaves the curve. Event "lanes" when one opens or closes.
 */
import { showStand } from "../../logic/certificate.js";
import { fromCurve } from "../../logic/curve.js";
import { changeMover, findMoving, listMovers, readMover } from "../../logic/movers.js";
import { show } from "../../logic/numbers.js";
import { TimeView } from "../../logic/time-axis.js";
import { element } from "../../parts/element.js";
import { Lane } from "../../widgets/lane.js";

export class Lanes extends EventTarget {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    super();
    this._play = play;
    const { session } = play.app;
    this.time = new TimeView(session.get("duration"));
    /** @type {Set<string>} keys of movers */
    this._open = new Set();
    /** @type {Set<string>} keys of what moved at the last look */
    this._moving = new Set();
    /** @type {Map<string, {lane: Lane, name: string}>} */
    this._lanes = new Map();
    this.element = element("div", { class: "play__lanes", role: "group", "aria-label": "Lanes" });
    session.addEventListener("change", () => this.look());
    play.data.addEventListener("model", () => this.look());
    play.deck.addEventListener("frame", () => this.#follow());
    this.look();
  }

  /** @param {string} key of a mover, see logic/movers.js */
  isOpen(key) {
    return this._open.has(key);
  }

  /** @param {string} key @param {boolean} [open] */
  toggle(key, open = !this.isOpen(key)) {
    if (open) this._open.add(key);
    else this._open.delete(key);
    this.look();
    if (open) this._lanes.get(key)?.lane.element.scrollIntoView({ block: "nearest" });
  }

  /** Show what is set now. */
  look() {
    const { settings } = this._play.app.session;
    const moving = findMoving(settings);
    for (const key of moving) if (!this._moving.has(key)) this._open.add(key);
    this._moving = new Set(moving);
    const wanted = this.#movers().filter((one) => this.isOpen(one.key));
    for (const [key, { lane, name }] of this._lanes) {
      if (wanted.some((one) => one.key === key && one.name === name)) continue;
      lane.destroy();
      this._lanes.delete(key);
    }
    for (const mover of wanted) this.#place(mover, readMover(mover.key, settings));
    const order = wanted.map((one) => /** @type {any} */ (this._lanes.get(one.key)).lane.element);
    if (order.some((node, at) => this.element.children[at] !== node)) this.element.append(...order);
    this.dispatchEvent(new Event("lanes"));
  }

  #movers() {
    const { app, data } = this._play;
    const blend = Object.keys(app.session.settings.blend).map((id) => ({ id, name: data.nameOf(id) }));
    return listMovers({ sliders: data.allSliders, generate: app.words.generate, limit: app.words.limit, blend });
  }

  /** @param {import("../../logic/movers.js").Mover} mover @param {number|import("../../logic/curve.js").Curve} value */
  #place(mover, value) {
    const known = this._lanes.get(mover.key)?.lane;
    if (!known) this._lanes.set(mover.key, { lane: this.#make(mover, value), name: mover.name });
    else if (JSON.stringify(fromCurve(known.curve)) !== JSON.stringify(value)) known.setCurve(value);
  }

  /** @param {import("../../logic/movers.js").Mover} mover @param {number|import("../../logic/curve.js").Curve} curve */
  #make(mover, curve) {
    const { app, change } = this._play;
    const { key, name, slider } = mover;
    const set = (/** @type {any} */ value, /** @type {"input"|"commit"} */ phase) =>
      change(changeMover(key, value, app.session.settings), phase, `Move ${name}`);
    const lane = new Lane({
      ...mover,
      curve,
      time: this.time,
      write: (value) => (slider ? showStand(slider, value) : show(value, 2)),
      onInput: (value) => set(value, "input"),
      onCommit: (value) => set(value, "commit"),
      onClose: () => this.toggle(key, false),
    });
    lane.setPlayhead(this._play.deck.playhead);
    return lane;
  }

  #follow() {
    for (const { lane } of this._lanes.values()) lane.setPlayhead(this._play.deck.playhead);
  }
}
