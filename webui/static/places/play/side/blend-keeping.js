// @ts-check
/** Keeps the blend that is set as a model of the library, under a name that is written in place. */
import { part, post, remove } from "../../../core/api.js";
import { button } from "../../../parts/button.js";
import { element } from "../../../parts/element.js";
import { TextField } from "../../../widgets/text-field.js";

const LONGEST = 60; // characters of the name that is proposed

export class BlendKeeping {
  /** @param {import("../play.js").Play} play @param {() => void} onEnd the focus goes back */
  constructor(play, onEnd) {
    this._play = play;
    this._onEnd = onEnd;
    this.element = element("div", {
      class: "blend__naming",
      hidden: true,
      on: { keydown: (event) => this.#key(event) },
    });
  }

  /** Ask for the name of the model. */
  ask() {
    const { app, data } = this._play;
    const names = [data.card?.name, ...Object.keys(app.session.get("blend")).map((id) => data.nameOf(id))];
    this.field = new TextField({
      name: "Name of the model",
      value: names.filter(Boolean).join(" + ").slice(0, LONGEST),
    });
    this.element.replaceChildren(
      this.field.element,
      button({ label: "Keep", onPress: () => this.#end(true) }),
      button({ label: "Not now", kind: "icon", icon: "close", onPress: () => this.#end(false) }),
    );
    this.element.hidden = false;
    this.field.input.focus();
    this.field.input.select();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.field?.input || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#end(event.key === "Enter");
  }

  /** @param {boolean} isKept */
  #end(isKept) {
    const name = this.field?.value.trim();
    this.element.hidden = true;
    this._onEnd();
    if (isKept && name) this.#keep(name);
  }

  /** @param {string} name */
  async #keep(name) {
    const { app } = this._play;
    const { model } = app.session;
    const blend = { ...app.session.get("blend") };
    let id = "";
    const redo = async () => {
      const card = await (id ? post(`/api/models/${part(id)}/restore`) : post("/api/blends", { name, model, blend }));
      id = card.id;
      return card;
    };
    const undo = () => remove(`/api/models/${part(id)}`);
    const card = await app.attempt(app.history.do({ words: `Keep the model ${name}`, redo, undo }));
    if (!card) return;
    app.state.ask();
    app.say(`${name} is in your library`, { words: "Play it", run: () => app.session.setModel(card.id) });
  }
}
