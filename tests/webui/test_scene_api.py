import pytest
from asking import Page, error_of


def test_the_sounds_of_a_stretch_are_told(page: Page):
    asked = {"settings": {"channels": "binaural", "movement": "orbit", "seed": 4}, "start": 2.0, "seconds": 3.0}
    found = page.post("/api/scene", asked).get_json()
    assert found["step_seconds"] > 0
    assert len(found["sounds"]) >= 3
    assert {"start", "seconds", "azimuth_degrees", "metres"} == set(found["sounds"][0])


@pytest.mark.parametrize("change", [{"start": -1}, {"seconds": 0}, {"settings": {"density": 500}}])
def test_what_is_out_of_range_is_refused(page: Page, change: dict):
    response = page.post("/api/scene", {"settings": {}, **change})
    assert response.status_code == 422
    assert error_of(response)["code"]
