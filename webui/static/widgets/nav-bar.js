// @ts-check
/**
 * The bar at the top: the four places, the model in use, the running job, and what acts on the whole window. It draws
 * what it is told and tells what is pressed; where links lead is the browser's business.
 */
import { button } from "../parts/button.js";
import { element } from "../parts/element.js";

/**
 * @typedef {object} NavBarOptions
 * @property {{name: string, href: string}[]} places
 * @property {() => void} onUndo @property {() => void} onRedo
 * @property {() => void} onTheme @property {() => void} onHelp
 */
export class NavBar {
  /** @param {NavBarOptions} options */
  constructor({ places, onUndo, onRedo, onTheme, onHelp }) {
    this.links = places.map(({ name, href }) => element("a", { class: "nav-bar__place", href, text: name }));
    this.model = element("div", { class: "nav-bar__model" });
    this.jobShare = element("span", { class: "nav-bar__share" });
    this.jobName = element("span", { class: "nav-bar__job-name ellipsis" });
    this.jobLeft = element("span", { class: "nav-bar__job-left number" });
    this.job = element(
      "a",
      { class: "nav-bar__job", hidden: true },
      this.jobName,
      element("span", { class: "nav-bar__track", "aria-hidden": "true" }, this.jobShare),
      this.jobLeft,
    );
    this.undo = button({ label: "Undo", kind: "icon", icon: "undo", disabled: true, onPress: onUndo });
    this.redo = button({ label: "Redo", kind: "icon", icon: "redo", disabled: true, onPress: onRedo });
    const theme = button({ label: "Theme", kind: "icon", icon: "theme", onPress: onTheme });
    const help = button({ label: "Help", kind: "icon", icon: "help", onPress: onHelp });
    this.element = element(
      "header",
      { class: "nav-bar" },
      element("nav", { class: "nav-bar__places", "aria-label": "Places" }, ...this.links),
      this.model,
      element("div", { class: "nav-bar__tools" }, this.job, this.undo, this.redo, theme, help),
    );
  }

  /** @param {string} name of the place that is open */
  setPlace(name) {
    for (const link of this.links) {
      if (link.textContent === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** @param {{name: string, words: string} | null} model in use; `words` such as "25 recordings · 31 s" */
  setModel(model) {
    this.model.replaceChildren(
      ...(model
        ? [
            element("strong", { class: "ellipsis", text: model.name }),
            element("span", { class: "ellipsis", text: model.words }),
          ]
        : []),
    );
  }

  /**
   * @param {{name: string, share: number|null, left: string, href: string} | null} job that runs; `left` such as
   *     "1:05 left"
   */
  setJob(job) {
    this.job.hidden = !job;
    if (!job) return;
    const percent = job.share === null ? "" : `${Math.round(job.share * 100)} %`;
    this.jobName.textContent = job.name;
    this.jobLeft.textContent = [percent, job.left].filter(Boolean).join(" · ");
    this.jobShare.style.width = `${100 * (job.share ?? 0)}%`;
    this.job.setAttribute("href", job.href);
  }

  /** @param {boolean} undo whether there is something to undo @param {boolean} redo */
  setHistory(undo, redo) {
    this.undo.disabled = !undo;
    this.redo.disabled = !redo;
  }
}
