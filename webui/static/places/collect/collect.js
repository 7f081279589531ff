// @ts-check
/** Collect: the recordings a model is to learn from; gathered, heard, examined, and taken in or left out. */
import { addShortcuts } from "../../core/keys.js";
import { setSource } from "../../core/sources.js";
import { Changes } from "./changes.js";
import { chooseFiles, chooseFolder } from "./choosing.js";
import { Doctor } from "./doctor.js";
import { Intake } from "./intake.js";
import { Listening } from "../../core/listening.js";
import { OpenSet } from "./open-set.js";
import { Strips } from "./strips.js";
import { CollectView } from "./view.js";

/** @typedef {import("../../logic/recordings.js").Recording} Recording */

/** @param {import("../../core/app.js").App} app */
export const create = (app) => new Collect(app);

class Collect {
  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.set = new OpenSet(app);
    this.changes = new Changes(app, this.set);
    this.intake = new Intake(app, this.set, this.changes);
    this.doctor = new Doctor(app, this.set, this.intake);
    this.strips = new Strips(this.intake, this.doctor);
    this.view = new CollectView(this.#actions(), this.strips);
    this.table = this.view.table;
    this.element = this.view.element;
    this.listening = new Listening(app, (recording, seconds) => this.table.setPlayhead(recording, seconds));
    this.listening.addEventListener("change", () => this.table.setPlaying(this.listening.id));
    for (const what of ["set", "sets"]) this.set.addEventListener(what, () => this.#render());
    this.intake.addEventListener("change", () => this.#render());
    app.state.on("jobs", () => this.strips.show());
    app.on("drop", () => this.#takeDropped());
    addShortcuts(this.#shortcuts());
  }

  /** @param {string[]} parts the id of a set, or nothing */
  async show([wanted]) {
    await this.set.open(wanted);
    this.#takeDropped();
  }

  hide() {
    this.listening.stop();
  }

  #render() {
    if (this.set.isLoaded) this.view.show(this.set.current, this.set.sets, this.intake.isBusy);
  }

  /** @returns {import("./view.js").Actions} */
  #actions() {
    const { app, set, changes } = this;
    return {
      add: () => chooseFiles(app, (dropped) => this.intake.take(dropped)),
      addDemo: () => {
        app.say("The demo set is being made");
        return app.attempt(set.createDemo());
      },
      addFolder: app.system.desktop ? () => this.#addFolder() : null,
      rename: (name) => this.#rename(name),
      open: (id) => app.go("collect", id),
      create: () => app.attempt(set.create(null)),
      examine: () => this.doctor.examine(),
      deleteSet: () => changes.deleteSet(),
      learn: () => app.go("train", "set", String(set.id)),
      play: (recording, share) => this.#play(recording, share),
      include: (recordings, included) => changes.include(recordings, included),
      remove: (recording) => changes.remove([recording]),
      follow: (action) => changes.follow(action),
      listen: (ids) => this.#listen(ids),
    };
  }

  async #addFolder() {
    const folder = await chooseFolder(this.app);
    if (folder) await this.app.attempt(this.set.create(null, folder));
  }

  /** @param {string} name */
  async #rename(name) {
    const done = name.trim() && (await this.changes.rename(name.trim()));
    if (!done && this.set.current) this.view.heading.reset(this.set.current.name);
  }

  /**
   * Let a recording be heard from a share of it on; without one, it is stopped where it is heard already.
   * @param {Recording} recording
   * @param {number} [share]
   */
  #play({ id, state, seconds }, share) {
    if (state === "missing") return;
    const source = setSource(String(this.set.id), id);
    if (share === undefined) this.listening.toggle(id, source);
    else this.listening.play(id, source, share * (seconds ?? 0));
  }

  /** Hear recordings one after the other, with each press the next. @param {string[]} ids */
  #listen(ids) {
    const next = ids[(ids.indexOf(this.listening.id ?? "") + 1) % ids.length];
    const recording = this.set.current?.recordings.find(({ id }) => id === next);
    if (!recording) return;
    this.table.reveal(recording.id, false);
    this.#play(recording, 0);
  }

  #takeDropped() {
    if (this.app.place !== "collect" || !this.set.isLoaded) return;
    const dropped = this.app.pendingDrop.splice(0);
    if (dropped.length) this.intake.take(dropped);
  }

  #shortcuts() {
    const group = "Collect";
    const isHere = () => this.app.place === "collect";
    const when = () => isHere() && Boolean(this.set.current?.recordings.length);
    const act = (/** @type {(one: Recording) => any} */ work) => () => this.table.current && work(this.table.current);
    const moves = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"].map((keys) => ({
      keys,
      words: "Another recording",
      group,
      when,
      hidden: !keys.startsWith("Arrow"),
      run: () => this.table.move(keys),
    }));
    return [
      ...moves,
      { keys: "Space", words: "Play the recording, or stop", group, when, run: act((one) => this.#play(one)) },
      {
        keys: "X",
        words: "Take the recording in, or leave it out",
        group,
        when,
        run: act((one) => this.changes.include([one], !one.included)),
      },
      { keys: "Delete", words: "Remove the recording", group, when, run: act((one) => this.changes.remove([one])) },
      {
        keys: "F2",
        words: "Rename the set",
        group,
        when: () => isHere() && Boolean(this.set.current),
        run: () => this.view.heading.edit(),
      },
      {
        keys: "Ctrl+O",
        words: "Add recordings",
        group,
        when: () => isHere() && !this.set.current?.folder,
        run: () => this.#actions().add(),
      },
      { keys: "L", words: "Learn from these", group, when, run: () => this.#actions().learn() },
    ];
  }
}
