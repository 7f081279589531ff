"""The player lets sound be heard, makes files, and looks at files that came from elsewhere.

| lane | what runs in it |
| --- | --- |
| exploring | previews; a later one of a page overtakes an earlier one |
| looking | what is answered at once, two at a time |
| making | renders, exports and packs, one after the other; they wait while somebody explores |
| files | models that come and go |
| examining | the data-set doctor, and what he mends |
"""

from engine.workers.worker import Task, Trade

EXPLORING, LOOKING, MAKING, FILES, EXAMINING = "exploring", "looking", "making", "files", "examining"


def learn_to_play() -> Trade:
    """Return what a player can do; what that needs is imported here, in the worker."""
    from engine.workers import looking, making, opened, previewing

    tasks = {
        "preview": Task(EXPLORING, previewing.play_preview),
        "recording": Task(LOOKING, looking.play_recording),
        "peaks": Task(LOOKING, looking.draw_peaks),
        "picture": Task(LOOKING, looking.draw_picture),
        "passport": Task(LOOKING, looking.read_passport_of),
        "fingerprint": Task(LOOKING, looking.read_fingerprint),
        "device": Task(LOOKING, looking.tell_device),
        "let-go": Task(LOOKING, opened.let_go),
        "render": Task(MAKING, making.render_outputs),
        "replay": Task(MAKING, making.replay_output),
        "export": Task(MAKING, making.export_output),
        "pack": Task(MAKING, making.make_pack),
        "measure": Task(MAKING, making.measure_sliders),
        "reconstruct": Task(MAKING, making.reconstruct_recordings),
        "export-model": Task(FILES, making.export_to_file),
        "import": Task(FILES, making.import_from_file),
        "examine": Task(EXAMINING, making.examine_set),
        "mend": Task(EXAMINING, making.mend_recordings),
    }
    return Trade("player", tasks, widths={LOOKING: 2}, warm_up=previewing.warm_up)
