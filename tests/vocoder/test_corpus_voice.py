from itertools import product

import numpy as np
import pytest
import torch
from small_corpus import noise, struck, tone

from engine.errors import ShapeError
from engine.features.mel import analysis_window, log_mel
from engine.units import HOP, MEL_BANDS, N_FFT, SAMPLE_RATE
from engine.vocoder.corpus import ALIGN_SAMPLES, CORRECTION_LIMITS, best_slide, overlap_add, overlap_weight, speak
from engine.vocoder.lattice import JUMP_COST, SEAM_WEIGHT
from engine.vocoder.search import AUDIBLE_RANGE, LEVEL_WEIGHT, Path, Voice, build_voice, find_path
from engine.vocoder.strand import Strand

GAP = N_FFT
EDGE = N_FFT  # samples at both ends over which the windows have not yet added up


def lay_out(*sounds: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Return sounds (samples, channels) end to end with silence between, and where each begins."""
    gap = np.zeros((GAP, sounds[0].shape[1]), np.float32)
    starts, parts, position = [], [gap], GAP
    for sound in sounds:
        starts.append(position)
        parts += [sound.astype(np.float32), gap]
        position += len(sound) + GAP
    return np.concatenate(parts), starts


def hear(sound: np.ndarray) -> np.ndarray:
    return log_mel(torch.from_numpy(sound.mean(1).astype(np.float32))).T.numpy()


def voice_of(*sounds: np.ndarray, speeds: tuple[float, ...] = (1.0,)) -> Voice:
    """Return the voice of sounds (samples,) or (samples, channels), heard as they are at any speed."""
    shaped = [sound if sound.ndim == 2 else sound[:, None] for sound in sounds]
    samples, starts = lay_out(*shaped)
    strands = []
    for index, (sound, start) in enumerate(zip(shaped, starts, strict=True)):
        for speed in speeds:
            heard = hear(sound)[: 1 + int(len(sound) / speed) // HOP]
            strands.append(Strand(index, start, speed, heard, heard))
    return build_voice(samples, strands)


def follow(voice: Voice, *runs: tuple[int, int]) -> tuple[Path, np.ndarray]:
    """Return a path of runs of frames (first, one past last), and the spectrum it has."""
    frames = np.concatenate([np.arange(*run) for run in runs])
    return Path(frames, np.zeros(len(frames), np.float32)), voice.heard[frames]


def frequency_hz(sound: np.ndarray) -> float:
    """Return the frequency of a sine from the slope of its analytic phase."""
    spectrum = np.fft.fft(sound * np.hanning(len(sound)))
    spectrum[len(sound) // 2 :] = 0
    phase = np.unwrap(np.angle(np.fft.ifft(spectrum)))
    middle = slice(len(sound) // 4, 3 * len(sound) // 4)
    return float(np.polyfit(np.arange(len(sound))[middle], phase[middle], 1)[0]) * SAMPLE_RATE / (2 * np.pi)


def stereo(seconds: float) -> np.ndarray:
    return np.stack([struck(330, seconds), noise(seconds)], axis=1)


@pytest.mark.parametrize("sound", [struck(220, 0.5)[:, None], noise(0.3)[:, None], stereo(0.4)])
def test_a_path_along_a_recording_gives_that_recording_back(sound: np.ndarray):
    voice = voice_of(noise(0.2, 5)[:, None].repeat(sound.shape[1], 1), sound)
    mine = np.flatnonzero(voice.recordings == 1)
    path, wanted = follow(voice, (mine[0], mine[-1] + 1))
    sung = speak(voice, path, wanted)
    assert sung.shape == ((len(mine) - 1) * HOP, sound.shape[1])
    interior = slice(EDGE, len(sung) - EDGE)
    assert np.abs(sung - sound[: len(sung)])[interior].max() < 1e-4


def test_the_search_finds_a_recording_in_what_it_sounds_like_without_any_misfit():
    voice = voice_of(noise(0.3), struck(440, 0.4), struck(330, 0.4, seed=1))
    for recording in range(3):
        mine = np.flatnonzero(voice.recordings == recording)
        path = find_path(voice, voice.heard[mine])
        assert np.array_equal(path.frames[:20], mine[:20])
        assert path.misfit.max() < 1e-6


def test_a_sound_that_is_a_recording_comes_out_as_that_recording():
    sound = struck(330, 0.6)
    voice = voice_of(struck(440, 0.6, seed=2), sound)
    wanted = hear(sound[:, None])
    sung = speak(voice, find_path(voice, wanted), wanted)[:, 0]
    assert np.abs(sung - sound[: len(sung)])[EDGE:-EDGE].max() < 1e-4


def test_a_quieter_wish_finds_the_same_frames():
    voice = voice_of(tone(300, 0.3), tone(1000, 0.3), noise(0.3))
    for recording in range(3):
        wanted = voice.heard[voice.recordings == recording] - 1.0
        assert (voice.recordings[find_path(voice, wanted).frames] == recording).all()


def test_small_errors_of_the_wish_do_not_make_the_search_leave_a_recording():
    voice = voice_of(noise(0.4, 1), noise(0.4, 2))
    mine = np.flatnonzero(voice.recordings == 1)
    error = 0.3 * np.random.default_rng(0).standard_normal((len(mine), MEL_BANDS)).astype(np.float32)
    assert np.array_equal(find_path(voice, voice.heard[mine] + error).frames, mine)


def searchable(voice: Voice, log_mels: np.ndarray) -> np.ndarray:
    """Project log-mels to the search space, one frame at a time."""
    rows = []
    for frame in log_mels:
        audible = np.maximum(frame, voice.loudest - AUDIBLE_RANGE)
        rows.append((audible - (1 - LEVEL_WEIGHT) * audible.mean()) / np.sqrt(MEL_BANDS) @ voice.axes)
    return np.array(rows)


def leaving(voice: Voice) -> np.ndarray:
    """Return what it costs to go from any frame to any other, nothing only for the next one of the same strand."""
    count = len(voice.reduced)
    price = np.zeros((count, count))
    for before, after in product(range(count), repeat=2):
        if after != before + 1 or voice.strands[after] != voice.strands[before]:
            onward = voice.reduced[min(before + 1, count - 1)]
            price[before, after] = JUMP_COST + SEAM_WEIGHT * ((onward - voice.reduced[after]) ** 2).sum()
    return price


@pytest.fixture
def every_frame_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the search consider all frames of a voice that has no more than NEIGHBOURS."""
    monkeypatch.setattr("engine.vocoder.nearest.BLOCK", 1)


def tiny_voice(random: np.random.Generator) -> Voice:
    """Return a voice of eight frames in three strands, any spectrum."""
    strands = []
    for index, frames in enumerate((3, 1, 4)):
        heard = (-4 + 0.5 * random.standard_normal((frames, MEL_BANDS))).astype(np.float32)
        strands.append(Strand(index, GAP * (1 + index), 1.0, heard, heard))
    return build_voice(np.zeros((9 * GAP, 1), np.float32), strands)


@pytest.mark.usefixtures("every_frame_is_near")
def test_the_path_is_the_cheapest_of_all_paths_and_not_only_the_nearest_frames():
    passed_over = 0
    for seed in range(8):
        random = np.random.default_rng(seed)
        voice = tiny_voice(random)
        along = voice.heard[[0, 1, 2, 3]] if seed % 2 else voice.heard[random.integers(0, 8, 4)]
        wanted = (along + 0.8 * random.standard_normal(along.shape)).astype(np.float32)
        target = searchable(voice, wanted)
        found = find_path(voice, wanted)
        misfits = ((voice.reduced[:, None] - target) ** 2).sum(2)
        price, steps = leaving(voice), range(4)
        paths = np.array(list(product(range(8), repeat=4)))
        costs = misfits[paths, steps].sum(1) + price[paths[:, :-1], paths[:, 1:]].sum(1)
        assert costs[(paths == found.frames).all(1)] == pytest.approx(costs.min(), abs=1e-5)
        assert found.misfit == pytest.approx(misfits[found.frames, steps], abs=1e-5)
        passed_over += costs[(paths == misfits.argmin(0)).all(1)].item() > costs.min() + 1e-3
    assert passed_over >= 2


@pytest.mark.usefixtures("every_frame_is_near")
def test_standing_still_on_the_last_frame_is_no_continuation():
    random = np.random.default_rng(0)
    voice = tiny_voice(random)
    held = np.repeat(voice.heard[-1:], 5, axis=0)
    almost = (held + 0.05 * random.standard_normal(held.shape)).astype(np.float32)
    strands = [Strand(0, GAP, 1.0, almost, almost), Strand(1, 9 * GAP, 1.0, held[:1], held[:1])]
    path = find_path(build_voice(np.zeros((20 * GAP, 1), np.float32), strands), held)
    assert path.frames.tolist() == [0, 1, 2, 3, 4]


def test_windows_at_a_quarter_add_up_to_the_sound():
    sound = np.stack([noise(0.3), tone(440, 0.3)], axis=1).astype(np.float32)
    frames = 1 + (len(sound) - N_FFT) // HOP
    window = analysis_window().numpy()
    pieces = np.stack([sound[t * HOP : t * HOP + N_FFT].T for t in range(frames)])
    added = overlap_add(pieces * window**2 / 1.5)
    assert added.shape == ((frames - 1) * HOP, 2)
    begin = N_FFT // 2  # frame 0 is centred there
    interior = slice(N_FFT, -N_FFT)
    assert np.allclose(added[interior], sound[begin : begin + len(added)][interior], atol=1e-5)


def test_overlap_add_is_the_plain_sum_of_shifted_windows():
    windows = np.random.default_rng(0).standard_normal((7, 2, N_FFT)).astype(np.float32)
    plain = np.zeros((6 * HOP + N_FFT, 2))
    for t, window in enumerate(windows):
        plain[t * HOP : t * HOP + N_FFT] += window.T
    assert np.allclose(overlap_add(windows), plain[N_FFT // 2 : N_FFT // 2 + 6 * HOP], atol=1e-5)


@pytest.mark.parametrize("semitones", [-2, -1, 1, 2, 12])
def test_another_speed_shifts_a_sine_by_its_ratio_and_keeps_its_level(semitones: int):
    speed = 2.0 ** (semitones / 12)
    voice = voice_of(tone(1000, 1.0), speeds=(1.0, speed))
    mine = np.flatnonzero(voice.strands == 1)
    sung = speak(voice, *follow(voice, (mine[2], mine[-4])))[EDGE:-EDGE, 0]
    assert frequency_hz(sung) == pytest.approx(1000 * speed, rel=1e-4)
    assert np.abs(sung).max() == pytest.approx(0.5, rel=5e-3)


@pytest.mark.parametrize("speed", [1.0, 2.0 ** (1 / 12)])
def test_frames_of_another_speed_stand_where_they_do_in_the_recording(speed: float):
    sound = np.zeros(SAMPLE_RATE // 2)
    sound[12_000] = 1.0
    voice = voice_of(sound, speeds=(speed,))
    sung = speak(voice, *follow(voice, (0, len(voice.heard))))[:, 0]
    assert abs(int(np.abs(sung).argmax()) - 12_000 / speed) <= 1


@pytest.mark.parametrize("pitch_hz", [150.0, 330.0, 997.0])
@pytest.mark.parametrize("jump", [(31, 57), (40, 11), (30, 30)])
def test_a_sine_keeps_its_phase_over_a_jump(pitch_hz: float, jump: tuple[int, int]):
    voice = voice_of(tone(pitch_hz, 1.0))
    leave, land = jump
    sung = speak(voice, *follow(voice, (5, leave), (land, land + 30)))[EDGE:-EDGE, 0]
    steepest = 0.5 * 2 * np.pi * pitch_hz / SAMPLE_RATE
    assert np.abs(np.diff(sung)).max() < 1.02 * steepest
    period = round(SAMPLE_RATE / pitch_hz)
    crests = np.lib.stride_tricks.sliding_window_view(np.abs(sung), period).max(1)
    assert crests.min() > 0.98 * 0.5
    assert frequency_hz(sung) == pytest.approx(pitch_hz, rel=2e-3)


@pytest.mark.parametrize("change", [-3.0, -0.5, 0.0, 1.0])
def test_a_wish_louder_by_some_neper_is_sung_louder_by_that(change: float):
    sound = struck(330, 0.4)
    voice = voice_of(sound)
    path, wanted = follow(voice, (0, len(voice.heard)))
    sung = speak(voice, path, wanted + np.float32(change))[:, 0]
    assert np.allclose(sung[EDGE:-EDGE], np.exp(change) * sound[: len(sung)][EDGE:-EDGE], atol=2e-4)


@pytest.mark.parametrize(("change", "limit"), [(-30.0, CORRECTION_LIMITS[0]), (30.0, CORRECTION_LIMITS[1])])
def test_a_correction_has_limits(change: float, limit: float):
    sound = 0.001 * tone(1000, 0.3)
    voice = voice_of(sound)
    path, wanted = follow(voice, (0, len(voice.heard)))
    sung = speak(voice, path, wanted + np.float32(change))[:, 0]
    assert np.abs(sung[EDGE:-EDGE]).max() == pytest.approx(0.0005 * np.exp(limit), rel=1e-3)


def test_a_wish_that_is_duller_darkens_the_frames():
    voice = voice_of(noise(0.5))
    path, wanted = follow(voice, (0, len(voice.heard)))
    slope = -0.02 * np.arange(MEL_BANDS, dtype=np.float32)
    before, after = (hear(speak(voice, path, wish))[8:-8] for wish in (wanted, wanted + slope))
    assert np.allclose((after - before).mean(0), slope, atol=0.05)


def test_what_the_model_misses_in_a_recording_is_not_missed_in_its_sound():
    sound = struck(330, 0.4)
    whole = voice_of(sound)
    heard = whole.heard - np.float32(0.7)
    dull = build_voice(whole.samples, [Strand(0, GAP, 1.0, whole.recorded, heard)])
    path, wanted = follow(dull, (0, len(heard)))
    sung = speak(dull, path, wanted)[:, 0]
    assert np.allclose(sung[EDGE:-EDGE], sound[: len(sung)][EDGE:-EDGE], atol=1e-4)


def test_where_the_found_sound_is_another_one_the_wish_is_taken_at_its_word():
    sound = struck(330, 0.4)
    whole = voice_of(sound)
    dull = build_voice(whole.samples, [Strand(0, GAP, 1.0, whole.recorded, whole.heard - np.float32(0.7))])
    path, wanted = follow(dull, (0, len(dull.heard)))
    strange = Path(path.frames, np.full(len(path.frames), 50.0, np.float32))
    sung = speak(dull, strange, wanted)[:, 0]
    assert np.allclose(sung[EDGE:-EDGE], np.exp(-0.7) * sound[: len(sung)][EDGE:-EDGE], atol=1e-4)


def test_silence_in_the_recordings_is_sung_as_silence():
    voice = voice_of(np.concatenate([tone(440, 0.3), np.zeros(SAMPLE_RATE // 2)]))
    path, wanted = follow(voice, (40, 70))
    assert np.abs(speak(voice, path, wanted)).max() < 1e-6


@pytest.mark.parametrize("late", [-384, -57, 0, 200, 384])
def test_a_wave_is_met_where_it_goes_on(late: int):
    wave = np.stack([noise(0.3), noise(0.3, 1)], axis=1).astype(np.float32)
    onward = wave[3_000 : 3_000 + N_FFT]
    begin = 3_000 - ALIGN_SAMPLES - late
    field = 0.3 * wave[begin : begin + N_FFT + 2 * ALIGN_SAMPLES]
    assert best_slide(onward, field) == ALIGN_SAMPLES + late


def test_silence_meets_anything_in_the_middle():
    sound, silence = np.ones((N_FFT, 1), np.float32), np.zeros((N_FFT + 2 * ALIGN_SAMPLES, 1), np.float32)
    assert best_slide(sound, silence) == ALIGN_SAMPLES
    assert best_slide(silence[:N_FFT], silence + 1) == ALIGN_SAMPLES


def test_a_voice_knows_its_channels_and_frames():
    voice = voice_of(stereo(0.2), stereo(0.1), speeds=(1.0, 1.25))
    assert voice.channels == 2
    lengths = {len(getattr(voice, name)) for name in ("centres", "speeds", "strands", "recordings", "heard", "reduced")}
    assert lengths == {len(voice.heard)}
    assert np.allclose(voice.axes.T @ voice.axes, np.eye(voice.axes.shape[1]), atol=1e-5)
    assert voice.loudest == voice.heard.max()


@pytest.mark.parametrize("shape", [(5, MEL_BANDS - 1), (MEL_BANDS,), (1, 5, MEL_BANDS)])
def test_strands_of_another_shape_are_refused(shape):
    with pytest.raises(ShapeError, match=r"strands of shape \(frames, 128\)"):
        build_voice(np.zeros((10, 1), np.float32), [Strand(0, 0, 1.0, np.zeros(shape), np.zeros(shape))])


def test_no_strands_are_refused():
    with pytest.raises(ShapeError, match="a voice needs strands"):
        build_voice(np.zeros((10, 1), np.float32), [])


@pytest.mark.parametrize("shape", [(0, MEL_BANDS), (MEL_BANDS,), (3, MEL_BANDS + 1), (1, 3, MEL_BANDS)])
def test_a_wish_of_another_shape_is_refused(shape):
    with pytest.raises(ShapeError, match=r"takes \(frames, 128\), not"):
        find_path(voice_of(noise(0.2)), np.zeros(shape, np.float32))


@pytest.mark.parametrize("frames", [1, 2, 3, 5, 8, 9, 40])
def test_the_weight_of_overlapping_windows_is_what_they_add_up_to(frames: int):
    window = analysis_window().numpy()
    whole = overlap_add(np.broadcast_to(window**2, (frames, 1, N_FFT)))
    assert np.array_equal(overlap_weight(frames), whole)
