"""From a start of the program to its window, or to what takes its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from engine.workers.room import EngineRoom
from webui.window import toolkit
from webui.window.browser import open_in_browser
from webui.window.ending import EndSignal
from webui.window.frame import Frame
from webui.window.instance import StartLock, announced
from webui.window.restart import restart
from webui.window.session import Session
from webui.window.ways import Way, choose_way, record_way

IDLE_SECONDS = 600.0  # without a page, until a program ends that has neither window nor terminal
LOOK_SECONDS = 0.5
NO_SCREEN = "{} sda app --browser serves the same page for a browser."
STAYED_EMPTY = "The window stayed empty at an earlier start."
INSTEAD = "{} It opens in the browser instead."


@dataclass(frozen=True)
class Start:
    """Arguments and surroundings of this start.

    Attributes:
        files: That wait for the page.
        port: To listen on; 0 for one that is free.
        tell: Gets what the person should know, a line each.
        make_room: Makes the workers.
        lock: Keeps other starts waiting; let go once they can find this program.
    """

    files: Sequence[Path]
    port: int
    tell: Callable[[str], None]
    make_room: Callable[[], EngineRoom]
    lock: StartLock

    def open(self) -> None:
        """Open the window, or the browser where there can be none; return once it is closed.

        Raises:
            EngineError: there is no screen (`no_window`), or the port is taken.
        """
        if no_screen := toolkit.find_display_obstacle():
            raise EngineError(NO_SCREEN.format(no_screen), code="no_window")
        way = choose_way()
        obstacle = STAYED_EMPTY if way == "browser" else toolkit.find_obstacle()
        if obstacle:
            self.tell(INSTEAD.format(obstacle))
            self._serve()
        else:
            self._show(way)

    def _show(self, way: Way) -> None:
        """Show the window until it is closed; where its page does not come, start anew in the next way."""

        def take_note() -> None:
            record_way(way, arrived=True)
            self.lock.release()

        record_way(way, arrived=False)
        frame = Frame(way, take_note)
        with Session(
            port=self.port, desktop=frame, come_forward=frame.come_forward, make_room=self.make_room
        ) as session:
            self._hand_files(session)
            with announced(session.port, session.secret):
                outcome = frame.run(session)
            self._say_end(session)
        if outcome == "absent":
            restart()
        record_way(way, arrived=True)

    def _serve(self) -> None:
        """Serve the page for the person's browser until a signal, or until nobody has it open any more."""

        def come_forward() -> None:
            address = session.start_address()
            if not open_in_browser(address):
                self.tell(f"Open this address in a browser: {address}")

        with (
            EndSignal() as end,
            Session(port=self.port, come_forward=come_forward, make_room=self.make_room) as session,
        ):
            self._hand_files(session)
            with announced(session.port, session.secret):
                self.lock.release()
                come_forward()
                while not end.wait(LOOK_SECONDS) and (session.idle_seconds < IDLE_SECONDS or session.find_training()):
                    pass
            self._say_end(session)

    def _hand_files(self, session: Session) -> None:
        for line in session.open_files(self.files):
            self.tell(line)

    def _say_end(self, session: Session) -> None:
        if line := session.describe_end():
            self.tell(line)
