"""What results tell of models, made up for the tests."""

from __future__ import annotations

from gotune.aspects import Head
from gotune.records import ModelInfo, Reads

SINGLE = ModelInfo("tiny", "MiniLM", "2021-12-15", Head.SINGLE)
MULTI = ModelInfo("tiny", "MiniLM", "2021-12-15", Head.MULTI, (0.5, 0.25, 0.75), Reads.SENTENCE)
