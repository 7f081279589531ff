"""A network and a batch that suit the machine and the time: measured, not guessed."""

import time
from dataclasses import dataclass, replace

import torch

from engine.dataset.corpus import Corpus
from engine.model.losses import vae_losses
from engine.model.vae import Vae, VaeShape
from engine.training.schedule import Recipe
from engine.units import BINS, HOP, MEL_BANDS, SAMPLE_RATE

MEASURED_STEPS = 3
FEW_STEPS = 400  # with fewer, smaller batches or a smaller network learn more
MANY_STEPS = 4_000  # with more, larger batches learn better
SMALLER = VaeShape(width=160, depth=4, detail_width=96)
LARGEST_BATCH = 64
