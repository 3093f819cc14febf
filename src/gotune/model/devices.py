"""Where a model runs and in which number format."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.config import Precision
from gotune.errors import ConfigError

if TYPE_CHECKING:
    import torch


_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""What a container may take of the processors, as microseconds of a period; "max" is all."""


def usable_cores() -> int:
    """Return how many cores this process may use, by its affinity and the quota of its container."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _QUOTA.read_text(encoding="ascii").split()
        return max(1, min(cores, int(quota) // int(period)))
    except (OSError, ValueError):  # no such file, or "max"
        return cores


def check_threads(threads: int | None) -> None:
    """Refuse a number of threads that computes nothing; more than there are cores are cut to these.

    Raises:
        ConfigError: It is less than one.
    """
    if threads is not None and threads < 1:
        raise ConfigError(
            "threads",
            expected="at least 1",
            found=str(threads),
            do="Leave it out to compute on all cores that are free.",
        )


def choose_device(name: str) -> torch.device:
    """Return the device of that name; ``auto`` takes CUDA, else MPS, else the CPU.

    Raises:
        ConfigError: torch does not know the device or cannot use it here.
    """
    import torch

    if name == "auto":
        # A torchrun worker sees all GPUs; accelerate picks one by rank for the trainer engine.
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device).cpu()  # which the device meta cannot do
    except (RuntimeError, AssertionError, NotImplementedError) as exc:
        raise ConfigError(
            "device",
            expected="auto, cpu, or a CUDA or MPS device of this machine",
            found=repr(name),
            do="Leave the setting out to let gotune choose.",
        ) from exc
    return device


def computes_bf16(precision: Precision, device: torch.device) -> bool:
    """Tell whether matrix products run in bfloat16: asked for, or native to the processor."""
    import torch

    if precision is not Precision.AUTO:
        return precision is Precision.BF16
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        # Without these instructions bfloat16 is emulated and slower than float32.
        capabilities = torch.cpu.get_capabilities()
        return any(capabilities.get(name) is True for name in ("avx512_bf16", "amx_bf16", "sve_bf16"))
    return False


def autocast(bf16: bool, device: torch.device) -> AbstractContextManager[None]:
    """Return the context in which a forward pass runs."""
    import torch

    context: AbstractContextManager[None] = torch.autocast(device.type, torch.bfloat16, enabled=bf16)
    return context
