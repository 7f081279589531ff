"""The real window of the program around a small page and workers without torch, steered by lines of JSON.

Standard input: ["command", values…]; standard output: {"event": …}. The first argument is an object of wishes:
arrives, looks and answer of the page (see small_page.js); arrives_plain, also without graphics card; own_page, the
program's; folder, for the page; arrived_seconds and patience_seconds, how long is waited; files.
"""

import functools
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # workers are other processes, and find the same modules

from small_trades import learn_small  # noqa: E402

from engine.cli.main import leave  # noqa: E402
from engine.errors import ParameterError  # noqa: E402
from engine.workers.room import EngineRoom  # noqa: E402
from webui import desktop, pages  # noqa: E402
from webui.window import frame, start  # noqa: E402

PAGE = '<!doctype html><title>small</title><script type="module" src="/static/small_page.js"></script><body></body>'
STANDARD = {"arrives": True, "looks": True}

WISHES: dict[str, Any] = json.loads(sys.argv[1])

frames: list[frame.Frame] = []
rooms: list[EngineRoom] = []


def say(event: str, **values: object) -> None:
    os.write(1, (json.dumps({"event": event, **values}) + "\n").encode())


class WatchedFrame(frame.Frame):
    """The window, which says when its page is there."""

    def run(self, session: Any) -> Any:
        frames.append(self)
        if not arrives(self._way):
            self._arrival._arrived_seconds = WISHES.get("arrived_seconds", 10.0)
        elif "arrives" in WISHES:
            write_wish(arrives=True)
        return super().run(session)

    def _adapt(self) -> None:
        super()._adapt()
        self._window.events.shown += lambda: say("shown")
        say("opens", way=self._way, flags=os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", ""))

    def answer_closing(self, keep: bool | None) -> None:
        super().answer_closing(keep)
        say("answered", keep=keep)

    def _destroy(self) -> None:
        say("closing_with", jobs=states())
        super()._destroy()

    def arrived(self) -> None:
        super().arrived()
        say("arrived", way=self._way)


def arrives(way: str) -> bool:
    return WISHES.get("arrives", True) or (way == "plain" and WISHES.get("arrives_plain", False))


def states() -> list[str]:
    return [job.state for job in rooms[0].jobs.list()]


def write_wish(**more: object) -> None:
    (pages.STATIC / "wish.json").write_text(json.dumps({**STANDARD, **WISHES, **more}), "utf-8")


def make_room() -> EngineRoom:
    rooms.append(EngineRoom(learn_small, learn_small))
    return rooms[-1]


def in_window(errand: Any) -> Any:
    """Do something in the window's thread, and return what comes of it."""
    done, found = threading.Event(), []

    def run() -> None:
        found.append(errand(frames[0]._window.native))
        done.set()

    frames[0]._errand(run)
    done.wait(30)
    return found[0] if found else None


def train() -> dict[str, object]:
    job = rooms[0].jobs.submit("train", "sax", {})
    while job.run is None:
        threading.Event().wait(0.02)
    return {"job": job.id}


def answer_dialog(title: str, verb: str, name: str = "") -> dict[str, object]:
    """Answer a dialog as a person would, once it is there."""

    def run(_: Any) -> bool:
        from qtpy.QtWidgets import QApplication, QFileDialog, QLineEdit

        dialog = QApplication.activeModalWidget()
        if dialog is None or dialog.windowTitle() != title:
            return False
        if name and dialog.fileMode() == QFileDialog.FileMode.Directory:
            dialog.selectFile(name)
        elif name:
            dialog.findChild(QLineEdit, "fileNameEdit").setText(name)
        getattr(dialog, verb)()
        return True

    while not in_window(run):
        threading.Event().wait(0.05)
    return {}


def evaluate(script: str) -> dict[str, object]:
    """Return the value of an expression in the page."""
    found: list[object] = []
    in_window(lambda native: native.webview.page().runJavaScript(script, 0, found.append))
    while not found:
        threading.Event().wait(0.02)
    return {"value": found[0]}


def press(label: str) -> dict[str, object]:
    """Press a button of the dialog that the page has open, once it is there."""
    script = f"""
        [...document.querySelectorAll("dialog[open] button")]
            .filter((one) => one.textContent === {json.dumps(label)}).map((one) => one.click()).length
    """
    while not evaluate(script)["value"]:
        threading.Event().wait(0.1)
    return {}


def resize(width: int, height: int) -> dict[str, object]:
    in_window(lambda native: native.resize(width, height))
    return {}


def look() -> dict[str, object]:
    native = frames[0]._window.native
    return {
        "loaded": sorted({"torch", "scipy.signal", "sklearn"} & set(sys.modules)),
        "size": in_window(lambda native: [native.width(), native.height()]),
        "minimized": in_window(lambda native: native.isMinimized()),
        "address": in_window(lambda native: native.webview.url().toString()).partition("?")[0],
        "opened": waiting(),
        "jobs": states(),
        "title": native.windowTitle(),
        "background": in_window(lambda native: native.webview.page().backgroundColor().name()),
        "renderer": in_window(lambda native: native.webview.page().renderProcessPid()),
    }


def waiting() -> list[str]:
    return [one.path.name for one in frames[0]._session._server.app.extensions["sda.opened"].list()]


def wait_until_taken() -> dict[str, object]:
    while waiting():
        threading.Event().wait(0.05)
    return {}


def navigate(address: str) -> dict[str, object]:
    from qtpy.QtCore import QUrl

    in_window(lambda native: native.webview.page().runJavaScript(f"location.href = {address!r}"))
    in_window(lambda native: native.webview.page().runJavaScript(f"window.open({address!r})"))
    in_window(lambda native: native.webview.setUrl(QUrl(address)))
    return {}


def hang() -> dict[str, object]:
    """Let the window's thread do nothing more."""
    while not (frames and frames[0]._errand):
        threading.Event().wait(0.02)
    frames[0]._errand(lambda: threading.Event().wait())
    return {}


def choose(kind: str, *values: str) -> dict[str, object]:
    """Open a dialog as the page would, from a thread of its own; it says what was chosen."""

    def run() -> None:
        try:
            found = getattr(frames[0], f"choose_{kind}")(*values)
        except ParameterError as error:
            found = error.code
        say("chosen", found=[str(one) for one in found] if isinstance(found, list) else str(found))

    threading.Thread(target=run, daemon=True).start()
    return {}


COMMANDS = {
    "train": train,
    "look": look,
    "resize": resize,
    "navigate": navigate,
    "choose": choose,
    "hang": hang,
    "press": press,
    "evaluate": evaluate,
    "wait_until_taken": wait_until_taken,
    "answer": answer_dialog,
    "minimize": lambda: in_window(lambda native: native.showMinimized()) or {},
    "shot": lambda path: {"done": in_window(lambda native: native.grab().save(path))},
}


def obey() -> None:
    for line in sys.stdin:
        what, *values = json.loads(line)
        if what == "close":
            say("close")
            frames[0]._errand(frames[0]._window.native.close)
        else:
            say(what, **COMMANDS[what](*values))


def main() -> int:
    start.Frame = WatchedFrame
    start.open_in_browser = lambda address: say("browser", address=address) or True
    frame.Arrival = functools.partial(frame.Arrival, arrived_seconds=60.0)  # where there is much else to do
    if seconds := WISHES.get("patience_seconds"):
        frame.Closing = functools.partial(frame.Closing, patience_seconds=seconds)
    if not WISHES.get("own_page"):
        pages.STATIC = Path(WISHES["folder"])
        pages.STATIC.mkdir(exist_ok=True)
        (pages.STATIC / "index.html").write_text(PAGE, "utf-8")
        (pages.STATIC / "small_page.js").write_text((HERE / "small_page.js").read_text("utf-8"), "utf-8")
        write_wish()
    threading.Thread(target=obey, daemon=True).start()
    files = [Path(one) for one in WISHES.get("files", [])]
    outcome = desktop.open_window(files, tell=lambda line: say("told", line=line), make_room=make_room)
    say("outcome", outcome=outcome)
    return 0


if __name__ == "__main__":
    leave(main())
