"""Jobs: begun, followed, stopped, begun again, and heard while they run.

What a job is asked with is checked before it waits in a queue, so that a wrong name or setting is refused at once.
"""

import shutil

from flask import Blueprint, Response

from engine.errors import ParameterError
from engine.library.entries import new_id
from engine.paths import arrivals_folder
from engine.settings import ExportSettings, GrowSettings, PackSettings, TagSettings, TrainSettings
from engine.studio.blends import refuse_blend
from engine.studio.history import find_output
from engine.studio.models import find_model
from engine.studio.preferences import read_export_folder
from engine.studio.reconstruct import refuse_other_settings
from engine.studio.run import discard_run, find_run, unfinished_runs
from engine.studio.set_recordings import choose_recordings
from engine.studio.sets import set_to_training
from engine.workers.job import Job
from webui.bodies import Upload, Uploaded
from webui.context import room, touch
from webui.endpoint import Empty, endpoint
from webui.schemas import jobs as schemas
from webui.schemas.jobs import JobShown, JobsShown, RunShown, RunsShown
from webui.schemas.settings_given import check_generate_given, check_given
from webui.sounds import SOUND, answer_sound

blueprint = Blueprint("jobs", __name__)

LONGEST_HEARD_SECONDS = 900.0  # of an output that is kept to be heard while it is made: 345 MB in stereo
FLOAT_BYTES = 4


def show(job: Job) -> JobShown:
    """Return a job as the page follows it."""
    return JobShown(**job.to_dict())


@endpoint(blueprint, "GET", "/api/jobs", returns=JobsShown)
def list_jobs() -> JobsShown:
    """Return all jobs of this start of the program, the newest first."""
    return JobsShown(jobs=[show(job) for job in room().jobs.list()])


@endpoint(blueprint, "GET", "/api/jobs/<job>", returns=JobShown)
def show_job(job: str) -> JobShown:
    """Return one job."""
    return show(room().jobs.get(job))


@endpoint(blueprint, "DELETE", "/api/jobs/<job>")
def remove_job(job: str) -> Empty:
    """Forget a job that has ended; what it made stays."""
    room().jobs.remove(job)
    return Empty()


@endpoint(blueprint, "POST", "/api/jobs/<job>/cancel", body=schemas.CancelAsked, returns=JobShown)
def cancel_job(job: str, body: schemas.CancelAsked) -> JobShown:
    """Stop a job; a training keeps what it has learned, unless told otherwise."""
    return show(room().jobs.cancel(job, keep=body.keep))


@endpoint(blueprint, "POST", "/api/jobs/<job>/again", returns=JobShown, status=202)
def begin_again(job: str) -> JobShown:
    """Begin a job anew that failed or was stopped; a training goes on from where it was saved."""
    return show(room().jobs.again(job))


@endpoint(blueprint, "POST", "/api/jobs/train", body=schemas.TrainAsked, returns=JobShown, status=202)
def train(body: schemas.TrainAsked) -> JobShown:
    """Learn a data set: it becomes a model."""
    check_given(TrainSettings, body.settings)
    set_to_training(body.set)
    return show(room().jobs.submit("train", body.name, body.model_dump()))


@endpoint(blueprint, "POST", "/api/jobs/extend", body=schemas.ExtendAsked, returns=JobShown, status=202)
def extend(body: schemas.ExtendAsked) -> JobShown:
    """Train on from a model with the recordings of a data set."""
    check_given(GrowSettings, body.settings)
    set_to_training(body.set)
    entry = find_model(body.model)
    return show(room().jobs.submit("extend", entry.name, {**body.model_dump(), "model": entry.id}))


@endpoint(blueprint, "POST", "/api/jobs/feedback", body=schemas.FeedbackAsked, returns=JobShown, status=202)
def feed_back(body: schemas.FeedbackAsked) -> JobShown:
    """Train on from a model with some of its outputs."""
    check_given(GrowSettings, body.settings)
    outputs = [find_output(output).id for output in body.outputs]
    entry = find_model(body.model)
    values = {**body.model_dump(), "model": entry.id, "outputs": outputs}
    return show(room().jobs.submit("feedback", entry.name, values))


@endpoint(blueprint, "POST", "/api/jobs/resume", body=schemas.ResumeAsked, returns=JobShown, status=202)
def resume(body: schemas.ResumeAsked) -> JobShown:
    """Go on with a training that was cut off."""
    run = find_run(body.run)
    return show(room().jobs.submit("resume", run.name, {"run": run.id}))


@endpoint(blueprint, "POST", "/api/jobs/render", body=schemas.RenderAsked, returns=JobShown, status=202)
def render(body: schemas.RenderAsked) -> JobShown:
    """Make outputs; they are in the history afterwards, and the first is heard while it is made."""
    settings, values = check_generate_given(body.model, body.settings)
    _check_file(body.export, body.tags)
    entry = find_model(body.model)
    heard = settings.one_shot or settings.duration <= LONGEST_HEARD_SECONDS
    asked = {**body.model_dump(), "model": entry.id, "settings": values}
    return show(room().jobs.submit("render", entry.name, asked, heard=heard))


@endpoint(blueprint, "POST", "/api/jobs/replay", body=schemas.OutputAsked, returns=JobShown, status=202)
def replay(body: schemas.OutputAsked) -> JobShown:
    """Make an output of the history again, and say whether it is the same."""
    entry = find_output(body.output)
    return show(room().jobs.submit("replay", f"output {entry.number}", {"output": entry.id}))


@endpoint(blueprint, "POST", "/api/jobs/export", body=schemas.ExportAsked, returns=JobShown, status=202)
def export(body: schemas.ExportAsked) -> JobShown:
    """Write an output as another file into the folder for exports."""
    _check_file(body.export, body.tags)
    entry = find_output(body.output)
    values = {**body.model_dump(), "output": entry.id, "folder": _export_folder()}
    return show(room().jobs.submit("export", f"output {entry.number}", values))


@endpoint(blueprint, "POST", "/api/jobs/pack", body=schemas.PackAsked, returns=JobShown, status=202)
def pack(body: schemas.PackAsked) -> JobShown:
    """Make a sample pack in the folder for exports."""
    check_given(PackSettings, body.settings)
    _check_file(body.export, body.tags)
    entry = find_model(body.model)
    values = {**body.model_dump(), "model": entry.id, "folder": _export_folder()}
    return show(room().jobs.submit("pack", f"{entry.name} samples", values))


@endpoint(blueprint, "POST", "/api/jobs/reconstruct", body=schemas.ReconstructAsked, returns=JobShown, status=202)
def reconstruct(body: schemas.ReconstructAsked) -> JobShown:
    """Play recordings of a data set through a model, as it hears them or moved, into the folder for exports."""
    settings, values = check_generate_given(body.model, {"novelty": 0.0, **body.settings})
    refuse_other_settings(settings)
    choose_recordings(body.set, body.recordings)
    entry = find_model(body.model)
    refuse_blend(entry, "Reconstruct with one of its models")
    export = {"remove_dc": False, **body.export}
    _check_file(export, body.tags)
    asked = {**body.model_dump(), "model": entry.id, "settings": values, "export": export, "folder": _export_folder()}
    return show(room().jobs.submit("reconstruct", f"{entry.name} reconstructed", asked))


@endpoint(blueprint, "POST", "/api/jobs/measure", body=schemas.ModelAsked, returns=JobShown, status=202)
def measure(body: schemas.ModelAsked) -> JobShown:
    """Measure further what the sliders of a model do."""
    entry = find_model(body.model)
    return show(room().jobs.submit("measure", f"{entry.name}'s sliders", {"model": entry.id}))


@endpoint(blueprint, "POST", "/api/jobs/export-model", body=schemas.ModelAsked, returns=JobShown, status=202)
def export_model(body: schemas.ModelAsked) -> JobShown:
    """Write a model into one file in the folder for exports."""
    entry = find_model(body.model)
    return show(room().jobs.submit("export-model", entry.name, {"model": entry.id, "folder": _export_folder()}))


@endpoint(blueprint, "POST", "/api/jobs/import", body=Upload(), returns=JobShown, status=202)
def import_model(upload: Uploaded) -> JobShown:
    """Add a model from a file to the library."""
    waiting = arrivals_folder() / f"upload-{new_id()}.sda"
    waiting.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(upload.path, waiting)
    try:
        return show(room().jobs.submit("import", upload.name, {"path": str(waiting), "name": upload.name}))
    except ParameterError:
        waiting.unlink(missing_ok=True)
        raise


@endpoint(blueprint, "GET", "/api/jobs/<job>/sound", query=schemas.SoundQuery, returns=SOUND)
def hear_job(job: str, query: schemas.SoundQuery) -> Response:
    """Return the sound of a render, as far as it is made and then as it is made."""
    found = room().jobs.get(job)
    if found.sound is None:
        raise ParameterError(f"{found.title} is not heard while it is made", code="sound_unknown")
    head = found.sound.wait_for_head()
    channels = int(head.get("channels", 1))
    blocks = found.sound.read(query.first * channels * FLOAT_BYTES)
    return answer_sound(blocks, channels=channels, first=query.first, samples=head.get("samples"))


@endpoint(blueprint, "GET", "/api/jobs/<job>/hear", query=schemas.HearQuery, returns=SOUND)
def hear_training(job: str, query: schemas.HearQuery) -> Response:
    """Return a recording as the model in training hears it by now, or as it is."""
    room().jobs.get(job)
    about, sound = room().hear_training(query.side)
    samples = len(sound) // FLOAT_BYTES
    return answer_sound(
        [sound], channels=1, samples=samples, recording=about["recording"], refreshed=about["refreshed"]
    )


@endpoint(blueprint, "GET", "/api/runs", returns=RunsShown)
def list_runs() -> RunsShown:
    """Return the trainings that were cut off and can be gone on with, the newest first."""
    runs = [
        RunShown(
            id=run.id,
            name=run.name,
            source=run.source,
            share=run.share,
            started=run.started,
            kind=run.growth.kind if run.growth else "trained",
        )
        for run in unfinished_runs()
    ]
    return RunsShown(runs=runs)


@endpoint(blueprint, "DELETE", "/api/runs/<run>")
def discard(run: str) -> Empty:
    """Remove what a training left that was cut off."""
    discard_run(find_run(run))
    touch("jobs")
    return Empty()


def _check_file(export: dict[str, object], tags: dict[str, object]) -> None:
    """Refuse settings of a file that are wrong."""
    check_given(ExportSettings, export)
    check_given(TagSettings, tags)


def _export_folder() -> str:
    return str(read_export_folder())
