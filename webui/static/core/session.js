// @ts-check
/**
 * The sound that is being explored: which model, and all settings of an output. Every change goes through here, can be
 * taken back, and is told to whoever shows or plays it.
 *
 * Sliders of a model stand in `settings.sliders`; width and distance are settings of their own, and are set alike.
 */

const SPACE = ["width", "distance"];
const KEPT = "sda.session";

/** @typedef {number|[number, number][]} Curve */
/** @typedef {{names: string[], phase: "input"|"commit"}} Change */

export class Session extends EventTarget {
  /**
   * @param {Record<string, any>} defaults of all settings
   * @param {import("./undo.js").History} history
   */
  constructor(defaults, history) {
    super();
    /** @type {Record<string, any>} */
    this._defaults = { ...defaults, sliders: {}, blend: {} };
    this._history = history;
    /** @type {string|null} */
    this.model = null;
    /** @type {Record<string, any>} */
    this.settings = { ...this._defaults };
    /** @type {Set<string>} sliders that random leaves alone */
    this.locks = new Set();
    /** @type {Set<string>|null} sliders of the model; positions of others wait for a model that has them. Null: all */
    this.fits = null;
    this._committed = this.settings;
    this._recall();
  }

  /** Value of a setting or slider. @param {string} name */
  get(name) {
    if (name in this._defaults) return this.settings[name];
    return this.settings.sliders[name] ?? 0;
  }

  /** Settings as a request takes them: without those that are as usual, and without sliders that the model has not. */
  get asked() {
    const { fits } = this;
    const known = Object.entries(this.settings.sliders).filter(([name]) => !fits || fits.has(name));
    const sliders = Object.fromEntries(known);
    const changed = Object.entries({ ...this.settings, sliders }).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(this._defaults[name]));
    return Object.fromEntries([...changed, ["seed", this.settings.seed], ["duration", this.settings.duration]]);
  }

  /**
   * Change one setting or slider; while it is dragged nothing is kept to be taken back.
   * @param {string} name @param {any} value @param {"input"|"commit"} [phase]
   */
  set(name, value, phase = "commit") {
    this.setMany({ [name]: value }, phase, `Set ${name}`, `set ${name}`);
  }

  /**
   * Change several at once.
   * @param {Record<string, any>} values @param {"input"|"commit"} phase @param {string} words @param {string} [key]
   */
  setMany(values, phase, words, key) {
    /** @type {Record<string, any>} */
    const next = { ...this.settings, sliders: { ...this.settings.sliders } };
    for (const [name, value] of Object.entries(values)) {
      if (name in this._defaults) next[name] = value;
      else if (value === 0) delete next.sliders[name];
      else next.sliders[name] = value;
    }
    this._apply(next, Object.keys(values), phase, words, key);
  }

  /** Take over all settings of something: a preset, an output, a passport. @param {Record<string, any>} settings @param {string} words */
  replace(settings, words) {
    const known = Object.fromEntries(Object.entries(settings).filter(([name]) => name in this._defaults));
    this._apply({ ...this._defaults, ...known, sliders: { ...(known.sliders ?? {}) }, blend: { ...(known.blend ?? {}) } }, ["*"], "commit", words);
  }

  /** Put all sliders back to 0, but for those that are locked. */
  resetSliders() {
    const names = [...Object.keys(this.settings.sliders), ...SPACE].filter((name) => !this.locks.has(name));
    this.setMany(Object.fromEntries(names.map((name) => [name, 0])), "commit", "Reset all");
  }

  /** Choose a model. @param {string|null} model */
  setModel(model) {
    if (model === this.model) return;
    const before = this.model;
    this.adopt(model);
    if (before) this._history.add({ words: "Choose a model", undo: () => this.adopt(before), redo: () => this.adopt(model) });
  }

  /** Take a model because the one before is gone, or is back: no step of the person's, so nothing to take back. @param {string|null} model */
  adopt(model) {
    if (model === this.model) return;
    this.model = model;
    this._keep();
    this.dispatchEvent(new Event("model"));
  }

  /** Let random leave a slider alone, or not. @param {string} name @param {boolean} locked */
  lock(name, locked) {
    if (locked) this.locks.add(name);
    else this.locks.delete(name);
    this._keep();
    this.dispatchEvent(new Event("locks"));
  }

  /** @param {any} next @param {string[]} names @param {"input"|"commit"} phase @param {string} words @param {string} [key] */
  _apply(next, names, phase, words, key) {
    this.settings = next;
    this._tell(names, phase);
    if (phase !== "commit") return;
    const before = this._committed;
    this._committed = next;
    this._keep();
    if (JSON.stringify(before) === JSON.stringify(next)) return;
    const go = (/** @type {any} */ to) => {
      this.settings = this._committed = to;
      this._keep();
      this._tell(["*"], "commit");
    };
    this._history.add({ words, key, undo: () => go(before), redo: () => go(next) });
  }

  /** @param {string[]} names @param {"input"|"commit"} phase */
  _tell(names, phase) {
    this.dispatchEvent(new CustomEvent("change", { detail: /** @type {Change} */ ({ names, phase }) }));
  }

  /** Keep it through a reload of the page. */
  _keep() {
    const kept = { model: this.model, settings: this._committed, locks: [...this.locks] };
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  }

  _recall() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
      if (!kept) return;
      this.model = kept.model;
      this.settings = this._committed = { ...this._defaults, ...kept.settings };
      this.locks = new Set(kept.locks);
    } catch {
      sessionStorage.removeItem(KEPT);
    }
  }
}
