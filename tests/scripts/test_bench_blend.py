import numpy as np
import pytest
from bench_blend import describe_middle


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.0, 0.0, 1.0, 0.0, 4.0], "between, 25% of the way"),
        ([4.0, 0.0, 1.0, 0.0, 0.0], "between, 75% of the way"),
        ([0.0, 0.0, 6.0, 0.0, 4.0], "0.50 spans outside"),
        ([0.0, 0.0, -2.0, 0.0, 0.1], "0.50 spans outside, the models being alike"),
    ],
)
def test_it_is_said_where_half_way_lies(values: list[float], said: str):
    assert describe_middle(np.array(values), 4.0) == said
