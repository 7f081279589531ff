// @ts-check
/**
 * The map of the model in use: moments are heard, a place or a path is set, and the way of the output is drawn on it.
 */
import { get, part } from "../../core/api.js";
import { momentSource } from "../../core/sources.js";
import { element } from "../../parts/element.js";
import { MapView } from "../../widgets/map-view.js";
import { MapTrace } from "./map-trace.js";

const BLEND =
  "A blend has no map of its own: each of its models has one. Choose one of them to see where its sounds lie.";

export class MapPanel {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    this._play = play;
    /** @type {MapView|null} */
    this.view = null;
    this._shown = "";
    this.tools = element("div", { class: "map__tools" });
    this.said = element("span", { class: "map__said small" });
    this.field = element("div", { class: "map__field" });
    this.element = element(
      "section",
      { class: "panel map", "aria-label": "Map of the model" },
      element("div", { class: "panel__head" }, element("h2", { text: "Map" }), this.said, this.tools),
      this.field,
    );
    play.data.addEventListener("model", () => this.#look());
    play.app.session.addEventListener("change", () => this.#show());
    this.trace = new MapTrace(play, () => ({ id: this._shown, view: this.view }));
    this.#show();
  }

  /** Let the output be anywhere again. */
  clearRoute() {
    this._play.change({ at: null, path: null }, "commit", "Clear the map");
  }

  focus() {
    this.view?.field.focus();
  }

  /** Fetch the map of another model, after what is needed first. */
  async #look() {
    const { data } = this._play;
    const { card } = data;
    if (data.state !== "ready" || !card || card.id === this._shown) return;
    this._shown = card.id;
    const isBlend = card.kind === "blend";
    const map = isBlend ? new Error(BLEND) : await get(`/api/models/${part(card.id)}/map`).catch((error) => error);
    if (this._shown !== card.id) return;
    this.view?.destroy();
    this.view = null;
    if (map instanceof Error) this.#tell(map.message);
    else this.#build(map);
  }

  /** @param {string} words */
  #tell(words) {
    this.field.replaceChildren(element("p", { class: "map__words quiet", text: words }));
    this.tools.replaceChildren();
    this.#show();
  }

  /** @param {any} map */
  #build(map) {
    const { app } = this._play;
    const descriptors = app.words.sliders
      .filter((/** @type {any} */ { name }) => name in (map.moments[0]?.values ?? {}))
      .map((/** @type {any} */ { name, unit, group }) => ({ name, unit, group }));
    this.view = new MapView({
      map,
      descriptors,
      colour: app.preferences.page?.map_colour ?? descriptors[0].name,
      onAudition: (_, index) => app.exploring.audition(momentSource(this._shown, index)),
      onStay: (at) => this._play.change({ at }, "commit", at ? "Stay at a place" : "Leave the place"),
      onPath: (path) =>
        this._play.change(
          path.length ? { path } : { path: null },
          "commit",
          path.length ? "Draw a path" : "Clear the path",
        ),
      onColour: (name) => app.prefer({ map_colour: name }),
    });
    this.field.replaceChildren(this.view.element);
    this.tools.replaceChildren(this.view.tools);
    this.#show();
    this.trace.show();
  }

  #show() {
    const { session } = this._play.app;
    const [at, path] = [session.get("at"), session.get("path")];
    this.said.textContent = !this.view
      ? ""
      : at
        ? "stays at a place"
        : path
          ? `goes along a path of ${path.length} places`
          : "goes anywhere";
    if (!this.view) return;
    this.view.setPlace(at);
    if (JSON.stringify(this.view.path) !== JSON.stringify(path ?? [])) this.view.setPath(path ?? []);
  }
}
