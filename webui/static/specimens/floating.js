// @ts-check
import { button } from "../parts/button.js";
import { element } from "../parts/element.js";
import { Dialog } from "../widgets/dialog.js";
import { Menu } from "../widgets/menu.js";
import { Select } from "../widgets/select.js";
import { StatusLine } from "../widgets/status-line.js";
import { TextField } from "../widgets/text-field.js";
import { panel } from "./panel.js";

/** @param {HTMLElement} section */
export function showFloating(section) {
  const status = new StatusLine();
  document.body.append(status.element);
  const select = (/** @type {string} */ name, /** @type {string} */ text) =>
    new Select({ name, value: text, options: [{ value: text, text }] }).element;
  const sheet = new Dialog({
    title: "Export",
    look: "sheet",
    body: [
      element(
        "div",
        { class: "specimens__form" },
        select("Format", "WAV"),
        select("Sample rate", "48 kHz"),
        select("Bit depth", "24 bit"),
        select("Channels", "Stereo"),
        new TextField({ name: "Title", value: "sax 41" }).element,
        new TextField({ name: "Artist" }).element,
      ),
      element("p", { class: "quiet specimens__gap", text: "10 s, about 2.9 MB, into Music/Small DataSet Audio." }),
    ],
    actions: [
      button({ label: "Cancel", kind: "plain", onPress: () => sheet.close() }),
      button({ label: "Write file", kind: "primary" }),
    ],
  });
  const ask = new Dialog({
    title: "Delete sax?",
    body: [
      element("p", {
        class: "quiet",
        text: "sax and tabla is a blend that needs it, and will not work without it. It stays in the trash.",
      }),
    ],
    actions: [
      button({ label: "Keep it", onPress: () => ask.close() }),
      button({ label: "Delete model", kind: "danger", icon: "trash" }),
    ],
  });
  const more = button({ label: "More about sax", kind: "icon", icon: "more" });
  new Menu(more, () => [
    { text: "Rename", icon: "edit", key: "F2" },
    { text: "Export…", icon: "export", key: "E" },
    { text: "Show in folder", icon: "folder" },
    { text: "Family tree", icon: "tree", disabled: true },
    { text: "Delete", icon: "trash", danger: true, divided: true },
  ]);
  section.append(
    panel(
      "Press them",
      element(
        "div",
        { class: "line" },
        button({ label: "Export…", onPress: () => sheet.open() }),
        button({ label: "Delete…", onPress: () => ask.open() }),
        more,
        button({
          label: "Say",
          onPress: () => status.say("Deleted sax.", { text: "Undo", onPress: () => status.say("sax is back.") }),
        }),
        button({
          label: "Fail",
          onPress: () => status.fail("The file could not be written: the folder is full. Choose another one."),
        }),
        button({ label: "Explained", icon: "info", tip: "A tooltip tells the whole in full sentences." }),
      ),
    ),
  );
}
