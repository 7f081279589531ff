"""Listens in on a page: which samples its voices send to the loudspeakers, when, and how loud each voice is."""

import base64
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from engine.units import SAMPLE_RATE

LISTEN = """
  const voices = [];
  window.listenedTo = { voices, drawn: 0 };
  const known = new WeakMap();
  const gains = new WeakMap();
  const targets = new WeakMap();
  const { createGain } = BaseAudioContext.prototype;
  BaseAudioContext.prototype.createGain = function () {
    const node = createGain.call(this);
    const voice = { levels: [], pieces: [] };
    voices.push(voice);
    known.set(node, voice);
    gains.set(node.gain, voice);
    return node;
  };
  const { linearRampToValueAtTime } = AudioParam.prototype;
  AudioParam.prototype.linearRampToValueAtTime = function (level, time) {
    gains.get(this)?.levels.push([level, time]);
    return linearRampToValueAtTime.call(this, level, time);
  };
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (target, ...rest) {
    targets.set(this, target);
    return connect.call(this, target, ...rest);
  };
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (time) {
    known.get(targets.get(this))?.pieces.push({ time, samples: this.buffer.getChannelData(0).slice() });
    return start.call(this, time);
  };
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message.kind === "push") window.listenedTo.drawn += message.samples.length;
    return postMessage.call(this, message, ...rest);
  };
"""

READ = """
  () => window.listenedTo.voices.map(({ levels, pieces }) => ({
    levels,
    pieces: pieces.map(({ time, samples }) => {
      const bytes = new Uint8Array(samples.buffer);
      let text = "";
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      return [time, btoa(text)];
    }),
  }))
"""


@dataclass(frozen=True)
class Heard:
    """A voice, as it was sent to the loudspeakers.

    Attributes:
        levels: Levels it was brought to, and when it was there, in seconds of the audio clock.
        times: When each piece begins, in seconds of the audio clock.
        pieces: Samples of the first channel.
    """

    levels: list[tuple[float, float]]
    times: list[float]
    pieces: list[NDArray[np.float32]]

    def follow(self, loop: NDArray[np.float32]) -> list[int]:
        """Return where in a loop each piece begins; none where a piece is not what the loop has there and then."""
        if not self.pieces:
            return []
        twice = np.concatenate([loop, loop])
        first = self.pieces[0]
        starts = [at for at in np.flatnonzero(loop == first[0]) if np.array_equal(twice[at : at + len(first)], first)]
        if not starts:
            return []
        passed = [round((time - self.times[0]) * SAMPLE_RATE) for time in self.times]
        places = [int((starts[0] + count) % len(loop)) for count in passed]
        fits = [
            np.array_equal(twice[at : at + len(piece)], piece) for at, piece in zip(places, self.pieces, strict=True)
        ]
        return places if all(fits) else []


def hear(page: Page) -> list[Heard]:
    """Return all voices so far, the oldest first."""
    return [
        Heard(
            levels=[(level, time) for level, time in voice["levels"]],
            times=[time for time, _ in voice["pieces"]],
            pieces=[np.frombuffer(base64.b64decode(text), np.float32) for _, text in voice["pieces"]],
        )
        for voice in page.evaluate(READ)
    ]


def forget(page: Page) -> None:
    """Forget the pieces so far: those after a pause go on from where it was, and not with the clock."""
    page.evaluate("window.listenedTo.voices.forEach((voice) => (voice.pieces = []))")


def count_drawn(page: Page) -> int:
    """Return how many samples were handed to whoever draws pictures."""
    return int(page.evaluate("window.listenedTo.drawn"))
