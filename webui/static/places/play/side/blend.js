// @ts-check
/** The blend: other models with their shares, numbers or lanes; the model in use has the rest. */
import { isCurve, shift, valueAt } from "../../../logic/curve.js";
import { blendKey } from "../../../logic/movers.js";
import { roundTo } from "../../../logic/numbers.js";
import { button } from "../../../parts/button.js";
import { element } from "../../../parts/element.js";
import { Menu } from "../../../widgets/menu.js";
import { Select } from "../../../widgets/select.js";
import { ShareSlider } from "../../../widgets/share-slider.js";
import { BlendKeeping } from "./blend-keeping.js";

const FIRST_SHARE = 0.3;

export class BlendPanel {
  /** @type {Map<string, {slider: ShareSlider, row: HTMLElement}>} */
  #rows = new Map();

  /** @param {import("../play.js").Play} play */
  constructor(play) {
    const { app, data, deck, lanes } = play;
    this._play = play;
    this.add = new Select({
      name: "Add a model",
      shown: false,
      inline: true,
      options: [],
      value: "",
      onCommit: (id) => this.#add(id),
    });
    const more = button({ label: "Blend", kind: "icon", icon: "more" });
    new Menu(more, () => this.#items());
    this.more = more;
    this.rest = element("div", { class: "blend__rest" });
    this.rows = element("div", { class: "blend__rows" });
    this.keeping = new BlendKeeping(play, () => this.more.focus());
    this.words = element("p", { class: "small blend__words" });
    this.element = element(
      "section",
      { class: "panel blend", "aria-label": "Blend" },
      element("div", { class: "panel__head" }, element("h2", { text: "Blend" }), this.add.element, more),
      element("div", { class: "panel__body" }, this.rows, this.rest, this.keeping.element, this.words),
    );
    app.session.addEventListener("change", () => this.#show());
    for (const name of ["model"]) data.addEventListener(name, () => this.#show());
    lanes.addEventListener("lanes", () =>
      this.#rows.forEach(({ slider }, id) => slider.setLaneOpen(lanes.isOpen(blendKey(id)))),
    );
    deck.addEventListener("frame", () => this.#follow());
    this.#show();
  }

  get #blend() {
    return /** @type {Record<string, any>} */ (this._play.app.session.get("blend"));
  }

  #show() {
    const { data, app } = this._play;
    const ids = Object.keys(this.#blend);
    const others = data.models.filter((one) => one.id !== app.session.model && !ids.includes(one.id) && !one.problem);
    const isFull = ids.length >= app.words.most_blended;
    this.add.setOptions(
      [{ value: "", text: "Add a model" }, ...others.map(({ id, name }) => ({ value: id, text: name }))],
      "",
    );
    this.add.element.hidden = isFull || !others.length;
    this.more.hidden = !ids.length;
    const names = ids.map((id) => `${id} ${data.nameOf(id)}`).join();
    if (names !== this._built) this.#build(ids);
    this._built = names;
    this.#tell(ids, others.length > 0);
    this.#follow();
  }

  _built = "";

  /** @param {string[]} ids @param {boolean} hasOthers */
  #tell(ids, hasOthers) {
    const empty = hasOthers
      ? "Add a model to mix its sounds with these."
      : "A second model can be blended with this one.";
    this.words.textContent = ids.length ? "" : empty;
    this.words.hidden = Boolean(ids.length);
    this.rest.hidden = !ids.length;
  }

  /** @param {string[]} ids */
  #build(ids) {
    this.#rows = new Map(ids.map((id) => [id, this.#row(id)]));
    this.rows.replaceChildren(...[...this.#rows.values()].map(({ row }) => row));
  }

  /** @param {string} id */
  #row(id) {
    const { data, lanes } = this._play;
    const name = data.nameOf(id);
    const slider = new ShareSlider({
      name: `Share of ${name}`,
      text: name,
      onInput: (share) => this.#set(id, share, "input"),
      onCommit: (share) => this.#set(id, share, "commit"),
      onLane: (open) => lanes.toggle(blendKey(id), open),
    });
    slider.setLaneOpen(lanes.isOpen(blendKey(id)));
    const away = button({
      label: `Take ${name} out of the blend`,
      kind: "icon",
      icon: "close",
      onPress: () => this.#remove(id),
    });
    away.classList.add("button--small");
    return { slider, row: element("div", { class: "blend__row" }, slider.element, away) };
  }

  /** @param {string} id */
  #add(id) {
    if (!id) return;
    const share = Math.min(FIRST_SHARE, this.#room(id));
    this._play.change(
      { blend: { ...this.#blend, [id]: roundTo(share, 0.01) } },
      "commit",
      `Blend with ${this._play.data.nameOf(id)}`,
    );
    this.#rows.get(id)?.slider.range.element.focus();
  }

  /** @param {string} id */
  #remove(id) {
    const { [id]: _, ...rest } = this.#blend;
    this._play.change({ blend: rest }, "commit", `Take ${this._play.data.nameOf(id)} out of the blend`);
    this.add.select.focus();
  }

  /**
   * A share takes no more than the others leave; one that follows a lane raises or lowers all of it.
   * @param {string} id @param {number} share @param {"input"|"commit"} phase
   */
  #set(id, share, phase) {
    const now = this.#blend[id] ?? 0;
    const wanted = Math.min(share, this.#room(id));
    const value = isCurve(now)
      ? shift(now, wanted - valueAt(now, this._play.deck.playhead), 0, this.#room(id))
      : roundTo(wanted, 0.01);
    this._play.change({ blend: { ...this.#blend, [id]: value } }, phase, `Set share of ${this._play.data.nameOf(id)}`);
  }

  /** The share that the others leave for a model. @param {string} id */
  #room(id) {
    const others = Object.entries(this.#blend).filter(([one]) => one !== id);
    return Math.max(
      0,
      1 -
        others.reduce(
          (sum, [, share]) => sum + (isCurve(share) ? Math.max(...share.map(([, value]) => value)) : share),
          0,
        ),
    );
  }

  /** Where the shares are at the playhead. */
  #follow() {
    const { deck, data } = this._play;
    let rest = 1;
    for (const [id, { slider }] of this.#rows) {
      const share = valueAt(this.#blend[id] ?? 0, deck.playhead);
      rest -= share;
      slider.setFollows(isCurve(this.#blend[id]));
      if (Number(slider.range.element.value) !== share) slider.setValue(share);
    }
    const text = `${data.card?.name ?? "this model"} has the rest`;
    const number = Math.max(0, rest).toFixed(2);
    if (this._rest === text + number) return;
    this._rest = text + number;
    this.rest.replaceChildren(
      element("span", { class: "ellipsis", text }),
      element("span", { class: "number", text: number }),
    );
  }

  _rest = "";

  #items() {
    const isMoving = Object.values(this.#blend).some(isCurve);
    return [
      { text: "Keep as a model…", icon: "plus", disabled: isMoving, onPress: () => this.keeping.ask() },
      {
        text: "End the blend",
        icon: "close",
        divided: true,
        onPress: () => this._play.change({ blend: {} }, "commit", "End the blend"),
      },
    ];
  }
}
