from __future__ import annotations

import pytest
import torch

from gotune.config import Precision
from gotune.errors import ConfigError
from gotune.model.devices import autocast, choose_device, computes_bf16

CPU = torch.device("cpu")


def test_named_device_is_taken() -> None:
    assert choose_device("cpu") == CPU


def test_auto_takes_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: True)
    assert choose_device("auto").type == "mps"
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert choose_device("auto").type == "cuda"


@pytest.mark.parametrize("name", ["abacus", "cuda:99", "cpu:x", "meta", ""])
def test_device_that_is_not_here_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="Leave the setting out to let gotune choose"):
        choose_device(name)


@pytest.mark.parametrize(("capability", "native"), [("avx512_bf16", True), ("avx2", False)])
def test_auto_precision_follows_the_processor(
    capability: str, native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: {capability: True})
    assert computes_bf16(Precision.AUTO, CPU) is native
    assert computes_bf16(Precision.BF16, CPU)
    assert not computes_bf16(Precision.FP32, CPU)
    assert not computes_bf16(Precision.AUTO, torch.device("mps"))


def test_products_are_in_that_format() -> None:
    square = torch.eye(4)
    for bf16, dtype in ((True, torch.bfloat16), (False, torch.float32)):
        with autocast(bf16, CPU):
            assert (square @ square).dtype == dtype
