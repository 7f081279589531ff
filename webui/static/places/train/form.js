// @ts-check
/** Before a training: what is learned, under which name, and how long it may take. */
import { get } from "../../core/api.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { begin, freeName, gather, tellAsked } from "./asking.js";
import { Fields } from "./fields.js";
import { More } from "./more.js";
import { Plan } from "./plan.js";
import { piecesOfOutputs, piecesOfSet, Wall } from "./wall.js";

/** @typedef {import("./asking.js").Kind} Kind */

export class Form {
  /** @type {import("./asking.js").Asked|null} */
  asked = null;
  #turn = 0;
  #isBlocked = false;
  #subject = ""; // kind, and model that learns more
  #set = ""; // id; of outputs that go back, their ids
  #isChosen = false; // the set, in this form

  /** @param {import("../../core/app.js").App} app @param {(job: Record<string, any>) => void} onBegun */
  constructor(app, onBegun) {
    this.app = app;
    this.onBegun = onBegun;
    this.heading = element("h1");
    this.lead = element("p", { class: "quiet" });
    this.plan = new Plan();
    this.more = new More(app.words.grow, () => this.#tellPlan());
    this.fields = new Fields(app.words.train.minutes, {
      onSet: (id) => this.#choose(id),
      onMinutes: () => this.#tellPlan(),
    });
    this.wall = new Wall(app);
    const head = element("header", { class: "form__head" }, this.heading, this.lead);
    this.collect = button({ label: "Collect recordings", kind: "primary", onPress: () => app.go("collect") });
    const parts = [
      head,
      element("div", { class: "line" }, this.collect),
      this.fields.element,
      this.more.element,
      this.wall.element,
    ];
    const on = { keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) };
    this.element = element("section", { class: "panel form", "aria-label": "New training", on }, ...parts);
    this.start = button({ label: "Start", kind: "primary", onPress: () => this.begin() });
    this.blocked = element("p", { class: "quiet form__blocked" });
    this.foot = element("div", { class: "train__foot" }, this.blocked, this.start);
  }

  /**
   * Show what is asked for. The name that a person typed stays, and the set that was chosen here: only another kind, or
   * another set that is asked for by its id, takes their place. That is settled before anything is waited for, so that
   * an answer which comes late finds a name that was typed meanwhile.
   * @param {Kind} kind @param {string[]} ids
   */
  show(kind, ids) {
    const at = kind === "extend" ? 1 : 0; // where the set is among the ids
    const subject = kind === "set" ? kind : `${kind} ${ids[0]}`;
    const set = kind === "feedback" ? ids.join() : ids[at];
    if (subject !== this.#subject || (set && set !== this.#set)) this.#beginAnew(subject, set ?? "");
    const stays = this.#set && (this.#isChosen || this.fields.isNamed);
    return this.#gather(kind, set || !stays ? ids : [...ids.slice(0, at), this.#set]);
  }

  /** @param {string} subject @param {string} set */
  #beginAnew(subject, set) {
    [this.#subject, this.#set, this.#isChosen] = [subject, set, false];
    this.asked = null;
    this.fields.forgetName();
    this.more.licence.setValue("");
    this.#showStart();
  }

  /** @param {Kind} kind @param {string[]} ids */
  async #gather(kind, ids) {
    const turn = ++this.#turn;
    const asked = await this.app.attempt(gather(kind, ids, this.app.preferences.page?.set));
    if (!asked || turn !== this.#turn) return;
    if (asked.set) this.#set = asked.set.id;
    this.asked = asked;
    this.fields.setSets(asked.sets, asked.set?.id ?? "");
    this.fields.setShown({ set: kind !== "feedback" && asked.sets.length > 0, name: kind === "set" });
    this.more.setKind(kind);
    this.#tellAsked();
    this.#tellPlan();
    this.#tellDevice();
  }

  /** Say whether another training is in the way. @param {import("../../logic/training.js").Job|null} job */
  setBlocked(job) {
    this.blocked.textContent = job ? `${job.title} is being learned now. This one can begin when it has ended.` : "";
    this.#isBlocked = Boolean(job);
    this.#showStart();
  }

  hide() {
    this.wall.listening.stop();
  }

  /** Begin the training. */
  async begin() {
    if (!this.asked || this.start.disabled) return;
    const name = this.asked.kind === "set" ? this.fields.wantedName : "";
    if (name === null) return;
    this.start.disabled = true;
    const settings = { minutes: this.fields.minutes, ...this.more.settings };
    try {
      const job = await begin(this.asked, { name, licence: this.more.licence.value.trim(), settings });
      this.app.prefer({ minutes: settings.minutes });
      this.fields.isNamed = this.#isChosen = false; // the name is taken now
      this.onBegun(job);
    } catch (error) {
      const { field, message } = /** @type {any} */ (error);
      if (field === "name") this.fields.name.setProblem(message);
      else this.app.fail(error);
    }
    this.#showStart();
  }

  /** Start also from a field, which keeps other keys for itself. @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.begin();
  }

  /** @param {string} id of a set */
  #choose(id) {
    const [kind, model] = this.#subject.split(" ");
    [this.#set, this.#isChosen] = [id, true];
    this.asked = null;
    this.#showStart();
    return this.#gather(/** @type {Kind} */ (kind), model ? [model, id] : [id]);
  }

  #tellAsked() {
    const asked = /** @type {import("./asking.js").Asked} */ (this.asked);
    const { heading, lead, wall } = tellAsked(asked);
    this.heading.textContent = heading;
    this.lead.textContent = lead;
    this.wall.setTitle(wall);
    this.wall.show(
      asked.kind === "feedback" ? piecesOfOutputs(asked.outputs) : asked.set ? piecesOfSet(asked.set) : [],
    );
    this.#showStart();
    const { set } = asked;
    const isEmpty = asked.kind !== "feedback" && !set;
    this.collect.parentElement?.toggleAttribute("hidden", !isEmpty);
    for (const { element: part } of [this.fields, this.more, this.plan]) part.hidden = isEmpty;
    this.foot.hidden = isEmpty;
    if (asked.kind === "set" && set) this.fields.propose(freeName(set.name).catch(() => set.name));
  }

  /** The program knows where it computes once its worker is warm. */
  async #tellDevice() {
    this.app.system.device ??= (await get("/api/system").catch(() => ({ device: null }))).device;
    this.plan.setDevice(this.app.system.device);
  }

  #tellPlan() {
    if (this.fields) this.plan.show(this.fields.minutes, this.more.measure.checked);
  }

  #showStart() {
    const { asked } = this;
    const has = asked && (asked.kind === "feedback" ? asked.outputs.length : asked.set?.files);
    this.start.disabled = this.#isBlocked || !has;
  }
}
