// @ts-check
/**
 * Which of several sounds is heard, and where in it. Event: "change"; while it sounds, `onPlayhead` is told each frame.
 */

/** @typedef {import("./player.js").Source} Source */

export class Listening extends EventTarget {
  /** @param {import("./app.js").App} app @param {(id: string, seconds: number|null) => void} [onPlayhead] */
  constructor(app, onPlayhead = () => {}) {
    super();
    this._app = app;
    this._onPlayhead = onPlayhead;
    /** @type {string|null} */
    this.id = null;
    /** @type {Source|null} */
    this._source = null;
    this._hasBegun = false;
    for (const what of ["state", "take"]) app.aside.addEventListener(what, () => this._look());
  }

  /**
   * Let a sound be heard from a second on.
   * @param {string} id by which it is told from the others
   * @param {Source} source
   * @param {number} [seconds]
   */
  async play(id, source, seconds = 0) {
    const { aside, player, exploring } = this._app;
    if (player.state === "playing") player.pause();
    this.stop();
    this._set(id, source);
    const take = await (seconds ? this._app.attempt(aside.play(source, seconds)) : exploring.audition(source));
    if (this._source !== source) return;
    this._hasBegun = Boolean(take);
    if (take) this._follow(source);
    else this._set(null, null);
  }

  /** Let a sound be heard, or stop if it is. @param {string} id @param {Source} source */
  toggle(id, source) {
    return this.id === id ? this.stop() : this.play(id, source);
  }

  stop() {
    const ours = this._source;
    this._set(null, null);
    if (ours && (this._app.aside.source === ours || this._app.aside.state === "stopped")) this._app.aside.stop();
  }

  /** Notice that it has ended, or that something else is heard. */
  _look() {
    if (this._hasBegun && this._app.aside.source !== this._source) this._set(null, null);
  }

  /** @param {Source} source */
  _follow(source) {
    if (this._source !== source || !this.id) return;
    this._onPlayhead(this.id, this._app.aside.playhead);
    requestAnimationFrame(() => this._follow(source));
  }

  /** @param {string|null} id @param {Source|null} source */
  _set(id, source) {
    const before = this.id;
    if (before === id && source === this._source) return;
    [this.id, this._source, this._hasBegun] = [id, source, false];
    if (before && before !== id) this._onPlayhead(before, null);
    this.dispatchEvent(new Event("change"));
  }
}
