// @ts-check
/**
 * Where what is heard goes on the map, as far as that is known: a path, or the recording that a single event begins
 * from.
 */
import { get, part } from "../../core/api.js";
import { followRecording, walkPath } from "../../logic/route.js";
import { Frames } from "./frames.js";

export class MapTrace {
  /** @param {import("./play.js").Play} play @param {() => {id: string, view: import("../../widgets/map-view.js").MapView|null}} shown */
  constructor(play, shown) {
    const { aside } = play.app;
    this._play = play;
    this._shown = shown;
    this._isAside = false;
    this._aside = new Frames(aside, () => this._isAside && shown().view?.setPlayhead(aside.playhead));
    this._aside.setShown(true);
    play.deck.addEventListener("on", () => !this._isAside && this.show());
    play.deck.addEventListener("frame", () => !this._isAside && shown().view?.setPlayhead(play.deck.playhead));
    aside.addEventListener("take", () => this.#hear());
    aside.addEventListener("state", () => aside.state === "stopped" && this.show());
  }

  /** Draw the way of what is on. */
  show() {
    const { id, view } = this._shown();
    const { on, seconds, playhead } = this._play.deck;
    const { path, loop } = on.settings;
    this._isAside = false;
    view?.setTrace(on.model === id && path && seconds ? walkPath(path, seconds, Boolean(loop)) : []);
    view?.setPlayhead(playhead);
  }

  /** An event is heard by itself: it begins from a recording. */
  async #hear() {
    const { take, source, seconds } = this._play.app.aside;
    if (!source?.asked) return;
    const found = await get(`/api/previews/${part(source.asked.page)}/${source.asked.number}`).catch(() => null);
    const { view } = this._shown();
    if (!found?.event || !view || this._play.app.aside.take !== take) return;
    this._isAside = true;
    view.setTrace(followRecording(view.moments, found.event.recording, seconds ?? 1));
    this._aside.look();
  }
}
