import io

import numpy as np
from PIL import Image

from engine.export.contact_sheet import GAP, HEIGHT, WIDTH, draw_contact_sheet

TIME = np.arange(24_000) / 48_000


def tone(hz):
    return [np.sin(2 * np.pi * hz * TIME)[:, None].astype(np.float32)]


def test_pictures_stand_in_rows_and_show_their_sounds():
    png = draw_contact_sheet([tone(100), tone(8_000), tone(100), tone(8_000), tone(100)], in_a_row=3)
    sheet = np.asarray(Image.open(io.BytesIO(png)).convert("L")).astype(float)
    assert sheet.shape == (2 * (HEIGHT + GAP) + GAP, 3 * (WIDTH + GAP) + GAP)

    def brightest_row(row, column):
        top, left = GAP + row * (HEIGHT + GAP), GAP + column * (WIDTH + GAP)
        return sheet[top : top + HEIGHT, left + WIDTH // 2 : left + WIDTH].mean(1).argmax() / HEIGHT

    assert brightest_row(0, 0) > 0.8 > 0.4 > brightest_row(0, 1)
    assert brightest_row(1, 0) < 0.4 < brightest_row(1, 1)
    assert sheet[-HEIGHT:, -WIDTH:].max() < 20  # the last place is empty


def test_each_picture_has_a_number_of_its_own():
    png = draw_contact_sheet([[np.zeros((4_800, 1), np.float32)]] * 12)
    sheet = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    places = [(GAP + n // 8 * (HEIGHT + GAP), GAP + n % 8 * (WIDTH + GAP)) for n in range(12)]
    corners = [sheet[top : top + 20, left : left + 30].tobytes() for top, left in places]
    assert len(set(corners)) == 12


def test_no_sounds_are_an_empty_sheet():
    assert draw_contact_sheet([]).startswith(b"\x89PNG")
