// @ts-check
/** Makes short previews, one after the other, as questions of their own page: they overtake nothing that is played. */
import { openSound } from "../../../core/api.js";
import { receive, SAMPLE_RATE, Take } from "../../../core/take.js";

const page = `v${Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => (byte % 36).toString(36)).join("")}`;
let number = 0;

/** @typedef {{model: string, settings: Record<string, any>}} Asked */

export class TakeMaker {
  #abort = new AbortController();

  /** Stop what is being made, and what waits. */
  stop() {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /**
   * @param {Asked[]} wanted @param {number} seconds of each
   * @param {(at: number, take: Take) => void} onTake told when a preview begins to arrive
   * @param {() => number} preferred which one a person waits for; -1 for none
   * @returns {Promise<void>} done when all are there, or it was stopped
   * @throws {ApiError} where the program refuses one
   */
  async make(wanted, seconds, onTake, preferred) {
    this.stop();
    const { signal } = this.#abort;
    const left = new Set(wanted.keys());
    while (left.size) {
      const first = preferred();
      const at = left.has(first) ? first : Math.min(...left);
      left.delete(at);
      const take = await this.#open(wanted[at], seconds, signal);
      if (signal.aborted || !take) return;
      onTake(at, take.take);
      await take.done;
      if (signal.aborted) return;
    }
  }

  /** @param {Asked} asked @param {number} seconds @param {AbortSignal} signal */
  async #open({ model, settings }, seconds, signal) {
    const { one_shot } = settings;
    const short = { ...settings, duration: Math.min(seconds, settings.duration ?? seconds), loop: false };
    const body = { page, number: ++number, model, settings: short, what: "from", at: 0 };
    const sound = await openSound("/api/previews", body, signal).catch((error) => {
      if (signal.aborted || error.code === "overtaken") return null;
      throw error;
    });
    if (!sound) return null;
    const take = new Take({ ...sound, total: one_shot ? null : Math.round(short.duration * SAMPLE_RATE) });
    return { take, done: receive(sound, take, signal) };
  }
}
