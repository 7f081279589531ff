// @ts-check
/** Tells with every frame where a playhead is, as long as it moves and is seen. */

export class Frames {
  #request = 0;
  #isShown = false;

  /** @param {import("../../core/player.js").Player} player @param {() => void} tell */
  constructor(player, tell) {
    this._player = player;
    this._tell = tell;
  }

  /** @param {boolean} isShown nothing is told where nothing is seen */
  setShown(isShown) {
    this.#isShown = isShown;
    this.look();
  }

  /** Tell once now, and then with each frame while it moves. */
  look() {
    cancelAnimationFrame(this.#request);
    if (!this.#isShown) return;
    this._tell();
    if (this._player.state === "playing") this.#request = requestAnimationFrame(() => this.look());
  }
}
