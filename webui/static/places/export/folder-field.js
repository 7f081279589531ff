// @ts-check
/** Where files are written: chosen in the system's dialog where there is a window of the program, else typed. */
import { patch, post } from "../../core/api.js";
import { button } from "../../parts/button.js";
import { element } from "../../parts/element.js";
import { tip } from "../../parts/tip.js";
import { TextField } from "../../widgets/text-field.js";

export class FolderField {
  /** @param {import("../../core/app.js").App} app */
  constructor(app) {
    this._app = app;
    this.path = element("span", { class: "export__path ellipsis" });
    tip(this.path, () => this._app.preferences.export_folder);
    this.change = button({ label: "Other folder…", kind: "plain", onPress: () => this.#choose() });
    this.line = element(
      "div",
      { class: "export__folder" },
      element("span", { class: "small", text: "Folder" }),
      this.path,
      this.change,
    );
    this.typing = element("div", { class: "export__typing", hidden: true });
    this.element = element("div", {}, this.line, this.typing);
    this.#show();
  }

  #show() {
    const { export_folder: folder } = this._app.preferences;
    this.path.replaceChildren(element("bdi", { text: folder ?? this._app.system.export_folder }));
  }

  async #choose() {
    const { _app: app } = this;
    if (!app.system.desktop) return this.#type();
    const found = await app.attempt(post("/api/system/choose-folder", { title: "Folder for exports" }));
    if (found?.folder) await this.#set(found.folder);
  }

  #type() {
    const field = new TextField({ name: "Path of the folder", value: this._app.preferences.export_folder });
    const end = () => {
      this.typing.hidden = true;
      this.line.hidden = false;
      this.change.focus();
    };
    const keep = async () => {
      const refused = await this.#set(field.value.trim());
      if (refused) field.setProblem(refused);
      else end();
    };
    this.typing.onkeydown = (event) => {
      if (event.target !== field.input || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") keep();
      else end();
    };
    this.typing.replaceChildren(field.element, button({ label: "Use it", onPress: keep }));
    this.typing.hidden = false;
    this.line.hidden = true;
    field.input.focus();
    field.input.select();
  }

  /** @param {string} folder empty for the program's own @returns {Promise<string>} why it was refused, or nothing */
  async #set(folder) {
    const found = await patch("/api/preferences", { export_folder: folder || null }).catch((error) => error);
    if (found instanceof Error) return found.message;
    this._app.preferences = found;
    this.#show();
    return "";
  }
}
