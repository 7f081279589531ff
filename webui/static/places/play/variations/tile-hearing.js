// @ts-check
/** Lets one variation at a time be heard, and shows in it where it is. */
import { SAMPLE_RATE } from "../../../core/take.js";

export class TileHearing {
  /** @type {import("./tile.js").Tile|null} the one that is pointed at, or has the focus */
  heard = null;

  /** @param {import("../../../core/app.js").App} app */
  constructor(app) {
    this._app = app;
    app.aside.addEventListener("ended", () => this.#silence());
  }

  /** Let a variation be heard, as soon as something of it is there. @param {import("./tile.js").Tile} tile */
  hear(tile) {
    const { _app: app } = this;
    if (this.heard !== tile) this.#silence();
    this.heard = tile;
    const { take } = tile;
    if (!take) return;
    if (app.player.state === "playing") app.player.pause();
    const source = { open: () => ({ path: "" }), take, total: take.total };
    app.exploring.audition(source).then(() => this.#follow(tile, source));
  }

  /** Stop what is heard here. */
  hush() {
    const { aside } = this._app;
    const tile = this.heard;
    this.#silence();
    if (tile?.take && aside.take === tile.take) aside.stop();
  }

  /** @param {import("./tile.js").Tile} tile @param {import("../../../core/player.js").Source} source */
  #follow(tile, source) {
    const { aside } = this._app;
    if (this.heard !== tile || aside.source !== source) return tile.setPlayhead(null);
    tile.setPlayhead(Math.min(aside.playhead, (source.total ?? Infinity) / SAMPLE_RATE));
    requestAnimationFrame(() => this.#follow(tile, source));
  }

  #silence() {
    this.heard?.setPlayhead(null);
    this.heard = null;
  }
}
