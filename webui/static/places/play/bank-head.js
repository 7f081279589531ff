// @ts-check
/** The head of the bank: which model is played, and which preset. */
import { element } from "../../parts/element.js";
import { Select } from "../../widgets/select.js";
import { setOptions } from "./options.js";
import { Presets } from "./presets.js";

export class BankHead {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    this._play = play;
    this.model = new Select({
      name: "Model",
      shown: false,
      options: [],
      value: "",
      onCommit: (id) => this.#choose(id),
    });
    this.model.element.classList.add("bank__model");
    this.presets = new Presets(play);
    this.element = element("div", { class: "bank__head" }, this.model.element, this.presets.element);
    play.data.addEventListener("model", () => this.#show());
  }

  #show() {
    const { data, app } = this._play;
    const options = data.models.map((one) => ({
      value: one.id,
      text: [one.name, one.kind === "blend" && "blend", one.problem && "damaged"].filter(Boolean).join(" · "),
    }));
    const { card } = data;
    if (card && !options.some((one) => one.value === card.id))
      options.unshift({ value: card.id, text: `${card.name} · version ${card.version}` });
    setOptions(this.model, options, app.session.model ?? card?.id ?? "");
    this.model.setDisabled(!options.length);
  }

  /** Positions of sliders stay by name. @param {string} id */
  #choose(id) {
    const { app } = this._play;
    app.session.setModel(id);
    app.prefer({ last_model: id });
  }
}
