import psutil
import pytest
import torch

from engine.device import choose_device, count_cores, describe_cores, set_threads
from engine.errors import ParameterError


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch):
    """Pretend to be a machine with or without a GPU of each kind."""

    def pretend(*, cuda: bool = False, mps: bool = False, built_with_cuda: str | None = None) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "NVIDIA Test 1")
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.setattr(torch.version, "cuda", built_with_cuda)
        monkeypatch.setattr(torch.version, "hip", None)

    return pretend


@pytest.mark.parametrize(
    ("there", "device", "reason"),
    [
        ({"cuda": True, "mps": True}, "cuda", "GPU found: NVIDIA Test 1"),
        ({"mps": True}, "mps", "Apple GPU found"),
        ({}, "cpu", "no NVIDIA or Apple GPU found"),
    ],
)
def test_auto_takes_the_fastest_that_is_there_and_says_why(machine, there: dict[str, bool], device: str, reason: str):
    machine(**there)
    chosen = choose_device("auto")
    assert chosen.torch_device == device
    assert chosen.reason.startswith(reason)


def test_the_cpu_can_be_asked_for_beside_a_gpu(machine):
    machine(cuda=True)
    assert choose_device("cpu").torch_device == "cpu"


def test_the_apple_gpu_can_be_asked_for_beside_cuda(machine):
    machine(cuda=True, mps=True)
    assert choose_device("mps").torch_device == "mps"


@pytest.mark.parametrize(
    ("name", "there", "reason"),
    [
        ("cuda", {"built_with_cuda": None}, "built without CUDA"),
        ("cuda", {"built_with_cuda": "13.0", "mps": True}, "no NVIDIA GPU"),
        ("mps", {}, "no Apple GPU"),
    ],
)
def test_a_missing_gpu_is_an_error_with_the_reason_and_what_there_is(machine, name, there, reason: str):
    machine(**there)
    with pytest.raises(ParameterError, match=reason) as caught:
        choose_device(name)
    assert caught.value.code == "device_missing"
    assert caught.value.message.endswith(f"Available here: {'auto, cpu, mps' if there.get('mps') else 'auto, cpu'}.")


def test_the_chosen_device_computes():
    assert torch.ones(3, device=choose_device("auto").torch_device).sum().item() == 3.0


@pytest.mark.parametrize(
    ("physical", "allowed", "cores", "words"),
    [(8, 16, 8, "8 CPU cores"), (8, 2, 2, "2 CPU cores"), (None, 4, 4, "4 CPU cores"), (1, 1, 1, "1 CPU core")],
)
def test_cores_are_physical_ones_that_this_process_may_use(
    monkeypatch: pytest.MonkeyPatch, physical: int | None, allowed: int, cores: int, words: str
):
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: 16 if logical else physical)
    monkeypatch.setattr(psutil.Process, "cpu_affinity", lambda _: list(range(allowed)), raising=False)
    assert count_cores() == cores
    assert describe_cores() == words


@pytest.fixture
def threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("threads")
def test_threads_are_set_and_by_default_one_for_each_core():
    assert set_threads(3) == torch.get_num_threads() == 3
    assert set_threads() == torch.get_num_threads() == count_cores()


def test_fewer_than_one_thread_is_refused():
    with pytest.raises(ParameterError, match="threads = 0"):
        set_threads(0)
