// @ts-check
/** Between heading and table: recordings on their way in, the doctor at work, and what was refused, with its reason. */
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { Progress } from "../../widgets/progress.js";

const MOST_NAMED = 100;

export class Strips {
  /** @param {import("./intake.js").Intake} intake @param {import("./doctor.js").Doctor} doctor */
  constructor(intake, doctor) {
    this.intake = intake;
    this.doctor = doctor;
    this.adding = new Strip(
      "Adding recordings",
      button({ label: "Stop adding", kind: "plain", onPress: () => intake.stop() }),
    );
    this.examining = new Strip("Examining recordings");
    this.title = element("span", { class: "collect__refused-title" });
    this.list = element("ul", { class: "collect__refused-list", "aria-label": "Refused files" });
    this.ignored = element("p", { class: "quiet" });
    this.refused = element(
      "div",
      { class: "collect__refused", hidden: true },
      element(
        "div",
        { class: "collect__refused-head" },
        element("div", { class: "collect__refused-words" }, this.title, this.ignored),
        button({ label: "Dismiss", kind: "plain", onPress: () => intake.dismiss() }),
      ),
      this.list,
    );
    this.element = element(
      "div",
      { class: "collect__strips" },
      this.adding.element,
      this.examining.element,
      this.refused,
    );
    intake.addEventListener("change", () => this.show());
  }

  show() {
    const { progress, refused, ignored } = this.intake;
    this.adding.show(
      progress ? `Adding ${Math.min(progress.done + 1, progress.count)} of ${progress.count}` : null,
      progress?.name ?? "",
      progress?.share ?? null,
    );
    const { job } = this.doctor;
    this.examining.show(
      job ? (job.state === "waiting" ? "Waiting to be examined" : "Examining") : null,
      job?.detail ?? "",
      job?.share ?? null,
    );
    this.#showRefused(refused, ignored);
  }

  /** @param {import("./intake.js").Refusal[]} refused @param {string[]} ignored */
  #showRefused(refused, ignored) {
    this.refused.hidden = !refused.length && !ignored.length;
    this.refused.toggleAttribute("data-calm", !refused.length);
    this.title.textContent = refused.length
      ? refused.length === 1
        ? "One file was refused"
        : `${refused.length} files were refused`
      : "";
    this.ignored.textContent = ignored.length
      ? `${ignored.length === 1 ? "One file is" : `${ignored.length} files are`} no sound: ${nameSome(ignored)}`
      : "";
    const rows = refused.slice(0, MOST_NAMED);
    this.list.replaceChildren(
      ...rows.map(({ name, reason }) =>
        element(
          "li",
          {},
          element("strong", { class: "ellipsis", text: name, title: name }),
          element("span", { class: "quiet", text: reason }),
        ),
      ),
    );
  }
}

/** @param {string[]} names */
const nameSome = (names) => names.slice(0, 3).join(", ") + (names.length > 3 ? ", …" : "");

/** One line of work that goes on. */
class Strip {
  /** @param {string} name @param {HTMLElement} [action] */
  constructor(name, action) {
    this.progress = new Progress({ name, thin: true });
    this.words = element("span", { class: "collect__strip-words" });
    this.detail = element("span", { class: "small ellipsis" });
    this.element = element(
      "div",
      { class: "collect__strip", hidden: true },
      element("div", { class: "collect__strip-line" }, this.words, this.detail, action),
      this.progress.element,
    );
  }

  /** @param {string|null} words nothing is shown without @param {string} detail @param {number|null} share */
  show(words, detail, share) {
    this.element.hidden = words === null;
    if (words === null) return;
    this.words.textContent = words;
    this.detail.textContent = detail;
    this.progress.set(share, words);
  }
}
