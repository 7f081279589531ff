// @ts-check
/** Makes outputs: begins a render with what is set, lets it be heard while it is made, and then shows the output. */
import { get, part, post } from "../../core/api.js";

/** Event "making" after every change of `job`. */
export class Making extends EventTarget {
  /** @param {import("./play.js").Play} play */
  constructor(play) {
    super();
    this._play = play;
    /** @type {Record<string, any>|null} the render that was begun here last, while it runs */
    this.job = null;
    this.isAsking = false;
  }

  /** Make an output of what is set now. */
  async make() {
    const { app, deck } = this._play;
    const { model, asked, settings } = app.session;
    if (!model || this.isAsking) return;
    app.player.wake();
    this.#tell(null, true);
    const job = await app.attempt(post("/api/jobs/render", { model, settings: asked, count: 1 }));
    this.#tell(job, false);
    if (!job) return;
    app.state.ask();
    deck.playMaking(job.id, settings);
    const ended = await app.state.untilEnded(job.id, (now) => this.job?.id === now.id && this.#tell(now, false));
    if (this.job?.id === job.id) this.#tell(null, false);
    await this.#end(ended);
  }

  /** Stop what is being made. */
  async stop() {
    const { app, deck } = this._play;
    if (!this.job) return;
    await app.attempt(post(`/api/jobs/${part(this.job.id)}/cancel`, { keep: true }));
    if (deck.on.kind === "making") deck.stop();
    app.state.ask();
  }

  /** @param {Record<string, any>} job that has ended */
  async #end(job) {
    const { app, deck } = this._play;
    const [file] = job.result?.files ?? [];
    if (job.state === "done" && file) {
      const entry = await app.attempt(get(`/api/history/${part(file.history)}`));
      if (!entry) return;
      deck.becomeOutput(entry, [...file.notes, ...(job.result.notices ?? [])]);
      app.say(`Output ${entry.number} is made`);
      return;
    }
    if (job.error) app.fail(job.error);
    else app.say("Nothing was made: it was stopped");
  }

  /** @param {Record<string, any>|null} job @param {boolean} isAsking */
  #tell(job, isAsking) {
    this.job = job;
    this.isAsking = isAsking;
    this.dispatchEvent(new Event("making"));
  }
}
