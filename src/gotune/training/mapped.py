"""Rows of different length in a file that is mapped, so that memory holds only those in use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from gotune.files import saving

_PLACE = Path("the folder for temporary files (TMPDIR)")
_AT_ONCE = 1 << 20
"""Values that are looked at together."""


@dataclass(frozen=True, slots=True, eq=False)
class MappedRows(Sequence[NDArray[Any]]):
    """Rows of one type, one behind the other in a file without a name, which goes with them.

    Attributes:
        values: Of all rows, mapped.
        starts: Where each row begins, and where the last one ends, of shape ``(rows + 1,)``.
        numbers: What is given in the place of a value, by value; None gives the values themselves.
    """

    values: NDArray[Any]
    starts: NDArray[np.int64]
    numbers: NDArray[np.int32] | None = None

    @classmethod
    def of(cls, rows: Iterable[Any], dtype: DTypeLike, shape: tuple[int, ...] = ()) -> MappedRows:
        """Write rows, one by one, into the folder for temporary files (``TMPDIR``).

        Args:
            rows: Arrays, or what makes one.
            dtype: Of all values.
            shape: Of one value.

        Raises:
            SaveError: There is no such folder, or its disk is full.
        """
        ends = [0]
        with saving(_PLACE), TemporaryFile(prefix="gotune-") as file:
            for row in rows:
                array = np.asarray(row, dtype=dtype).reshape(-1, *shape)
                file.write(array.tobytes())
                ends.append(ends[-1] + len(array))
            file.flush()
            whole = (ends[-1], *shape)
            # A file without a byte cannot be mapped. A memmap makes its rows far slower than a plain array.
            mapped = np.memmap(file, dtype, "r", shape=whole) if ends[-1] else np.empty(whole, dtype)
        return cls(np.asarray(mapped), np.array(ends, np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: Any) -> Any:  # noqa: ANN401 (that of a sequence is overloaded)
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        row %= len(self)
        values = self.values[self.starts[row] : self.starts[row + 1]]
        return values if self.numbers is None else self.numbers[values]

    @property
    def lengths(self) -> list[int]:
        """Values of each row."""
        found: list[int] = np.diff(self.starts).tolist()
        return found

    def used(self) -> set[int]:
        """Return which values there are."""
        starts = range(0, len(self.values), _AT_ONCE)
        found = {int(one) for start in starts for one in np.unique(self.values[start : start + _AT_ONCE])}
        return found if self.numbers is None else set(self.numbers[list(found)].tolist())

    def renumbered(self, numbers: NDArray[np.int32]) -> MappedRows:
        """Return the same rows with other numbers for their values, which are numbers themselves."""
        return replace(self, numbers=numbers if self.numbers is None else numbers[self.numbers])
