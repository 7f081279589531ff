// @ts-check
/** How a binaural output is heard: the sounds around the head from above, and whose ears they are. */
import { get, part, post, remove, upload } from "../../core/api.js";
import { element } from "../../parts/element.js";
import { Select } from "../../widgets/select.js";
import { setOptions } from "./options.js";
import { SceneView } from "./scene.js";

const OWN = "own"; // value of the option that asks for a file
const OFF = "off"; // value of the option that takes the chosen file off the list

export class Hearing {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    this._play = play;
    /** @type {{id: string, name: string}[]} */
    this._kept = [];
    this._isLoaded = false;
    this.scene = new SceneView(play);
    this.ears = new Select({
      name: "Ears",
      inline: true,
      options: [],
      value: "",
      onCommit: (value) => this.#choose(value),
    });
    this.file = element("input", {
      type: "file",
      accept: ".sofa",
      class: "unseen",
      tabindex: -1,
      "aria-label": "SOFA file",
      on: { change: () => this.#add() },
    });
    this.element = element(
      "div",
      { class: "space__hearing", hidden: true },
      this.scene.element,
      element("div", { class: "space__line" }, this.ears.element, this.file),
    );
    play.app.session.addEventListener("change", () => this.#show());
    play.app.state.on("preferences", () => this._isLoaded && this.#load());
    this.#show();
  }

  #show() {
    const { session } = this._play.app;
    this.element.hidden = session.get("channels") !== "binaural";
    if (this.element.hidden) return;
    if (!this._isLoaded) this.#load();
    this.#list();
    this.scene.show();
  }

  async #load() {
    this._isLoaded = true;
    const found = await get("/api/hrtfs").catch(() => null);
    if (found) this._kept = found.hrtfs;
    this.#list();
  }

  #list() {
    const chosen = this._play.app.session.get("hrtf");
    const own = this._kept.find((one) => one.id === chosen);
    const isKnown = !chosen || own;
    setOptions(
      this.ears,
      [
        { value: "", text: "of an artificial head" },
        ...this._kept.map((one) => ({ value: one.id, text: one.name })),
        ...(isKnown ? [] : [{ value: chosen, text: "of another file" }]),
        { value: OWN, text: "My own SOFA file…" },
        ...(own ? [{ value: OFF, text: `Take ${own.name} off this list` }] : []),
      ],
      chosen ?? "",
    );
  }

  /** @param {string} value */
  #choose(value) {
    this.#list();
    if (value === OWN) this.file.click();
    else if (value === OFF) this.#takeOff();
    else this._play.change({ hrtf: value || null }, "commit", "Choose ears");
  }

  /** Choose the artificial head, and take the chosen file off the list; its outputs can still be made again. */
  #takeOff() {
    const { app, change } = this._play;
    const chosen = app.session.get("hrtf");
    const { name = "" } = this._kept.find((one) => one.id === chosen) ?? {};
    change({ hrtf: null }, "commit", "Choose the artificial head");
    const list = async (/** @type {Promise<any>} */ changed) => {
      await changed;
      await this.#load();
    };
    return app.attempt(
      app.history.do({
        words: `Take ${name} off the list`,
        redo: () => list(remove(`/api/hrtfs/${part(chosen)}`)),
        undo: () => list(post(`/api/hrtfs/${part(chosen)}/restore`)),
      }),
    );
  }

  async #add() {
    const [file] = this.file.files ?? [];
    this.file.value = "";
    if (!file) return;
    const { app, change } = this._play;
    const kept = await app.attempt(upload("POST", "/api/hrtfs", file));
    if (!kept) return;
    this._kept = [kept, ...this._kept.filter((one) => one.id !== kept.id)];
    change({ hrtf: kept.id }, "commit", "Choose ears");
    app.say(`Binaural outputs are heard with ${kept.name}, ${kept.positions} directions`);
  }
}
