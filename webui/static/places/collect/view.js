// @ts-check
/** Collect as it is seen: heading, table and what to do about it, from the set that is open. */
import { countRecordings, notesOf, rareWidth, sortRecordings, totalsWords } from "../../logic/recordings.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { AdvicePanel } from "./advice.js";
import { Balance } from "./balance.js";
import { emptySet } from "./empty.js";
import { Heading } from "./heading.js";
import { RecordingTable } from "./table.js";

/** @typedef {import("../../logic/recordings.js").Recording} Recording */
/** @typedef {import("./open-set.js").Contents} Contents */
/**
 * @typedef {object} Actions
 * @property {() => any} add @property {() => any} addDemo @property {(() => any)|null} addFolder
 * @property {(name: string) => any} rename @property {(set: string) => any} open @property {() => any} create
 * @property {() => any} examine @property {() => any} deleteSet @property {() => any} learn
 * @property {(recording: Recording, share?: number) => any} play from a share of it on; without one it is also stopped
 * @property {(recordings: Recording[], included: boolean) => any} include
 * @property {(recording: Recording) => any} remove
 * @property {(action: {kind: string, recordings: string[]}) => any} follow
 * @property {(recordings: string[]) => any} listen
 */

export class CollectView {
  /** @type {Contents|null} */
  #set = null;

  /** @param {Actions} actions @param {import("./strips.js").Strips} strips */
  constructor(actions, strips) {
    const { add: onAdd, addDemo: onDemo, addFolder: onFolder } = actions;
    this.strips = strips;
    this.heading = new Heading({
      onAdd,
      onFolder,
      onRename: actions.rename,
      onOpen: actions.open,
      onNew: actions.create,
      onExamine: actions.examine,
      onDelete: actions.deleteSet,
    });
    this.table = new RecordingTable({
      onPlay: actions.play,
      onSeek: actions.play,
      onInclude: (one, included) => actions.include([one], included),
      onIncludeAll: (included) =>
        actions.include(
          (this.#set?.recordings ?? []).filter((one) => one.included !== included),
          included,
        ),
      onRemove: actions.remove,
      onSort: () => this.#sort(),
      onChoose: () => this.#mark(),
    });
    this.advice = new AdvicePanel({ onAct: actions.follow, onListen: actions.listen });
    this.balance = new Balance({ onChoose: (id) => this.table.reveal(id) });
    this.invite = element("p", { class: "collect__invite", text: "Drop files or folders anywhere" });
    this.empty = emptySet({ onAdd, onDemo, onFolder });
    this.scroller = element("div", { class: "collect__scroller" }, this.table.element, this.invite);
    this.totals = element("p", { class: "quiet collect__totals" });
    this.learn = button({ label: "Learn from these", kind: "primary", onPress: actions.learn });
    const foot = element("div", { class: "collect__foot" }, this.totals, this.learn);
    const main = element(
      "section",
      { class: "panel collect__main", "aria-label": "Data set" },
      this.heading.element,
      strips.element,
      this.scroller,
      this.empty,
    );
    this.side = element("div", { class: "collect__side" }, this.advice.element, this.balance.element, foot);
    this.element = element(
      "div",
      { class: "collect", hidden: true },
      element("div", { class: "collect__columns" }, main, this.side),
    );
  }

  /**
   * @param {Contents|null} set
   * @param {Record<string, any>[]} sets
   * @param {boolean} isFilling recordings are on their way
   */
  show(set, sets, isFilling) {
    this.#set = set;
    const isEmpty = !set?.recordings.length && !isFilling && !set?.problem;
    this.element.hidden = false;
    this.element.toggleAttribute("data-empty", isEmpty);
    this.heading.element.hidden = !set;
    this.heading.add.hidden = isEmpty || Boolean(set?.folder);
    this.empty.hidden = !isEmpty;
    this.scroller.hidden = this.side.hidden = isEmpty;
    this.invite.hidden = Boolean(set?.folder);
    this.strips.show();
    if (!set) return;
    this.heading.show(set, sets);
    this.#showTable(set);
    const totals = countRecordings(set.recordings);
    this.totals.textContent = totalsWords(totals);
    this.learn.disabled = !totals.files;
    this.advice.show(set.advice, {
      isExamined: Boolean(set.examined),
      isEmpty: !totals.files,
      isAway: Boolean(set.problem),
    });
  }

  #sort() {
    if (this.#set) this.#showTable(this.#set);
    this.table.showTop();
  }

  #mark() {
    this.balance.mark(this.table.current?.id ?? null);
  }

  /** @param {Contents} set */
  #showTable({ id, recordings, advice }) {
    const { column, ascending } = this.table.head.sort;
    const sorted = sortRecordings(recordings, column, ascending);
    const advised = new Set(advice.flatMap((/** @type {any} */ one) => one.action?.recordings ?? []));
    const rare = rareWidth(recordings);
    const longest = Math.max(0.1, ...recordings.map(({ seconds }) => seconds ?? 0));
    this.table.setData(
      sorted.map((recording) => ({
        set: id,
        recording,
        longest,
        notes: notesOf(recording, { advised: advised.has(recording.id), rare }),
      })),
    );
    const taken = sorted.filter(({ included, state, seconds }) => included && seconds && state === "usable");
    const whole = taken.reduce((sum, { seconds }) => sum + Number(seconds), 0);
    this.balance.show(
      taken.map((one) => ({
        id: one.id,
        name: one.name,
        seconds: Number(one.seconds),
        share: Number(one.seconds) / whole,
      })),
    );
    this.#mark();
  }
}
