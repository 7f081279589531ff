"""A model that is older than a descriptor has it measured wherever its chart is read."""

import json
from dataclasses import replace

import numpy as np
import pytest
from small_model import small_certificate, small_chart, write_small_model

from engine.latent.chart import NAMES, count_chart, save_chart
from engine.latent.description import DESCRIPTION_FILE
from engine.latent.stored import read_chart


@pytest.mark.parametrize("name", ["warmth", "texture"])
def test_the_chart_that_is_read_without_the_model_is_whole(tmp_path, name: str):
    folder = write_small_model(tmp_path, small_certificate())
    chart, kept = small_chart(), [place for place, one in enumerate(NAMES) if one != name]
    moments = replace(chart.moments, values=chart.moments.values[:, kept])
    save_chart(folder, replace(chart, percentiles=chart.percentiles[kept], moments=moments))
    described = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
    described["chart"] = {**count_chart(chart), "descriptors": [NAMES[place] for place in kept]}
    (folder / DESCRIPTION_FILE).write_text(json.dumps(described), "utf-8")
    found, recordings = read_chart(folder)
    assert len(recordings) == 2
    assert np.isfinite(found.percentiles).all()
    assert np.isfinite(found.moments.values).all()
    assert np.array_equal(found.percentiles[kept], chart.percentiles[kept])
