from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from transformers import AutoModel, PreTrainedModel

from gotune.config import TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.training import run
from gotune.training.mapped import MappedRows
from gotune.training.recipes import Material
from gotune.training.task import compact_vocabulary


def test_trained_rows_come_back_and_the_others_stay(tiny_encoder: Path) -> None:
    model = AutoModel.from_pretrained(tiny_encoder)
    whole = model.get_input_embeddings()
    before = whole.weight.detach().clone()
    texts = [[2, 300, 3], [2, 250, 250, 3]]
    used = MappedRows.of(texts, np.int32).used() | {299}
    with compact_vocabulary(model, [0, 2, 3], used) as numbers:
        assert [numbers[row].tolist() for row in texts] == [[2, 6, 3], [2, 4, 4, 3]]
        assert numbers[[299, 301]].tolist() == [5, -1]
        small = model.get_input_embeddings()
        assert small.num_embeddings == 7
        assert torch.equal(small.weight[6], before[300])
        with torch.no_grad():
            small.weight += 1
    assert model.get_input_embeddings() is whole
    trained = [0, 1, 2, 3, 250, 299, 300]
    expected = before.clone()
    expected[trained] += 1
    assert torch.equal(whole.weight, expected)


def test_training_gives_the_weights_that_the_whole_vocabulary_gives(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(tiny_config, train_size=12)
    run.fit(Material(dataset), config, tmp_path / "compact")

    @contextmanager
    def whole(model: PreTrainedModel, special_ids: list[int], used: set[int]) -> Iterator[NDArray[np.int32]]:
        yield np.arange(max(used) + 1, dtype=np.int32)

    monkeypatch.setattr(run, "compact_vocabulary", whole)
    run.fit(Material(dataset), config, tmp_path / "whole")
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("compact", "whole"))
    # Equal but for the order in which the norm of the gradient is summed.
    for name, tensor in one.items():
        assert torch.allclose(tensor, other[name], atol=1e-5), name
