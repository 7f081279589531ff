"""What goes through the pipes: every message comes back as it was, and nothing else gets in."""

import json
import struct
from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.workers import messages
from engine.workers.messages import (
    PROTOCOL,
    Cancel,
    Credit,
    Failure,
    Head,
    Message,
    Progress,
    ProtocolError,
    Ready,
    Request,
    Result,
    Samples,
    Share,
    Shutdown,
    decode,
    encode,
)

EXAMPLES: list[Message] = [
    Request(7, "preview", {"model": "säx", "settings": {"sliders": {"brightness": 5}}}),
    Cancel(7),
    Credit(7, 4096),
    Share(1),
    Shutdown(),
    Ready("player", 2.5),
    Progress(7, {"share": 0.5, "point": None}),
    Head(7, {"channels": 2}),
    Samples(7, b"\x00\x01\xff{}"),
    Result(7, {"files": []}, b"raw"),
    Failure(7, "ParameterError", "parameter", "density = 0", "density"),
]


def test_there_is_an_example_of_every_message():
    assert {type(one) for one in EXAMPLES} == set(get_args(Message))


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda one: type(one).__name__)
def test_a_message_comes_back_as_it_was(message: Message):
    assert decode(encode(message)) == message


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda one: type(one).__name__)
def test_a_message_is_frozen(message: Message):
    for one in fields(message):
        with pytest.raises(AttributeError):
            setattr(message, one.name, None)


def test_another_version_of_the_protocol_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(messages, "PROTOCOL", PROTOCOL + 1)
    newer = encode(Cancel(1))
    monkeypatch.undo()
    with pytest.raises(ProtocolError, match="version 2"):
        decode(newer)


def test_what_is_no_number_arrives_as_nothing():
    sent = Progress(1, {"loss": float("nan"), "curve": [1.0, float("inf")], "point": {"validation": float("-inf")}})
    assert decode(encode(sent)) == Progress(1, {"loss": None, "curve": [1.0, None], "point": {"validation": None}})


def packed(header: bytes) -> bytes:
    return struct.pack("<I", len(header)) + header


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\xff\xff\xff\xff{}",
        packed(b"not json"),
        packed(b"[]"),
        packed(b"[" * 100_000),
        packed(json.dumps({"protocol": 1, "kind": "Pickle", "values": {}}).encode()),
        packed(json.dumps({"protocol": 1, "kind": "Cancel", "values": {"number": 1}}).encode()),
        packed(json.dumps({"protocol": 1, "kind": "Cancel", "values": 3}).encode()),
        b"\x80\x04\x95\x0f\x00\x00\x00\x00\x00\x00\x00cposix\nsystem\n.",  # a pickle that would run something
    ],
)
def test_what_is_no_message_is_refused(data: bytes):
    with pytest.raises(ProtocolError):
        decode(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(data: bytes):
    try:
        decode(data)
    except ProtocolError:
        return
    pytest.fail("random bytes were taken for a message")
