// @ts-check
/** The model in use: which one, and what stands beside its name; another one is taken when it goes. */
import { get, part } from "./api.js";

export class ModelInUse {
  /** @param {import("./app.js").App} app @param {(shown: {name: string, words: string}|null) => void} show */
  constructor(app, show) {
    this._app = app;
    this._show = show;
    app.session.addEventListener("model", () => this.look());
    app.state.on("models", () => this.look());
    this.look();
  }

  /** Look up the model in use. Without one, the newest is taken. */
  async look() {
    const { session } = this._app;
    const found = session.model ? await get(`/api/models/${part(session.model)}`).catch(() => null) : null;
    if (found) {
      this._show({ name: found.name, words: describe(found) });
      return;
    }
    const { models } = await get("/api/models").catch(() => ({ models: [] }));
    const usable = models.find((/** @type {any} */ one) => !one.problem);
    this._show(null);
    if (usable?.id !== session.model) session.adopt(usable?.id ?? null);
  }
}

/** @param {Record<string, any>} model */
function describe(model) {
  const recordings = model.kind === "blend" ? "blend" : `${model.files} recording${model.files === 1 ? "" : "s"}`;
  return `${recordings} · ${showLength(model.seconds)}`;
}

/** @param {number} seconds */
function showLength(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
