import pytest

from engine.cli.words import as_argument, as_line, count, format_clock, format_duration, format_size


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.034, "0.03 s"),
        (4.21, "4.2 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 00 s"),
        (63, "1 min 03 s"),
        (3599.6, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_durations_never_show_sixty_of_anything(seconds: float, said: str):
    assert format_duration(seconds) == said


@pytest.mark.parametrize(("seconds", "said"), [(-3, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (3723, "1:02:03")])
def test_time_left_reads_like_a_clock(seconds: float, said: str):
    assert format_clock(seconds) == said


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 B"), (812, "812 B"), (6_800_000, "6.8 MB"), (23_400_000, "23 MB"), (2.5e9, "2.5 GB")]
)
def test_sizes_are_decimal(size: float, said: str):
    assert format_size(size) == said


def test_nouns_agree_with_their_number():
    assert [count(number, "step") for number in (0, 1, 4210)] == ["0 steps", "1 step", "4,210 steps"]


def test_names_are_quoted_only_where_a_shell_needs_it():
    assert as_argument("sax-2") == "sax-2"
    assert as_argument("my sax") == '"my sax"'
    assert as_argument("a;b") == '"a;b"'


def test_what_cannot_be_shown_in_a_line_is_escaped():
    assert as_line("Flöte 1.wav") == "Flöte 1.wav"
    assert as_line("a\nb\udcf6.wav") == "a\\nb\\udcf6.wav"
