"""Sound that is heard while a person explores: an event, or an output from the playhead on, as it is made."""

from dataclasses import asdict

from engine.checking import checked
from engine.studio.listen import Preview, listen, warm
from engine.workers.assignment import Assignment
from engine.workers.courtesy import exploring
from engine.workers.opened import OPENER, get_help
from engine.workers.worker import Answer


def warm_up() -> None:
    """Get what is slow the first time out of the way, and get help for what comes."""
    warm()
    get_help()


def play_preview(assignment: Assignment) -> Answer:
    """Let an output be heard: `model`, `settings`, `what`, and `at` which second."""
    preview = checked(Preview, dict(assignment.values))
    with exploring():
        heard = listen(OPENER, preview, assignment.should_stop)
        event = asdict(heard.event) if heard.event else None
        assignment.begin_sound(channels=heard.channels, first=heard.first_sample, samples=heard.samples, event=event)
        try:
            for block in heard:
                assignment.send_sound(block)
        finally:
            heard.close()
    return {"novelty": heard.novelty, "notices": list(heard.notices), "event": event}
