"""Every error that gotune raises on purpose.

::

    GotuneError
    ├── InputError              what the user gave cannot be used
    │   ├── OboError            not an OBO file, or a bad line in one
    │   ├── GeneError           genes or annotations of them that cannot be read, or that a format cannot hold
    │   ├── UnknownTermError    an id that the release does not have
    │   ├── UnknownReleaseError a release that is not in the catalogue
    │   ├── DocumentError       a document that is empty, binary or not UTF-8
    │   ├── TableError          a table of texts that cannot be read or lacks a column
    │   ├── DatasetError        a dataset folder that is missing, damaged or too small
    │   ├── EncoderError        an encoder that cannot be loaded
    │   ├── BundleError         a folder that is not a bundle, or a bundle of a newer format
    │   └── ConfigError         a training setting out of range
    ├── DownloadError           no source gave the file
    │   └── HashMismatchError   a source gave another file than the pinned one
    ├── SaveError               a file or folder could not be written; the old one is untouched
    ├── WorkerError             workers of a corpus run cannot go on
    └── MissingExtraError       an optional package is not installed

A message says where, what was expected, what was found and what to do; the command line prints it
without a traceback and exits with 1. It is one line that is safe to print, whatever a file is called and
whatever is in it, and short enough to be read: of long parts the middle is left out. The attributes of an
error hold all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gotune.lines import fit, one_line, printable

_LONGEST = 560
"""Characters of what a message tells, of where, expected, found and do together."""


class GotuneError(Exception):
    """Base of all errors that gotune raises on purpose.

    Args:
        where: The file, folder, line or argument that is at fault.
        expected: What would have been right.
        found: What was there instead.
        do: What the user can do about it, as a sentence.
    """

    def __init__(self, where: str, *, expected: str, found: str, do: str) -> None:
        place, right, wrong, way = fit([printable(part) for part in (where, expected, found, do)], _LONGEST)
        super().__init__(f"{place}: expected {right}, found {wrong}. {way}")
        self.where = where
        self.expected = expected
        self.found = found
        self.do = do

    def __reduce__(self) -> tuple[Callable[[], GotuneError], tuple[()], dict[str, object]]:
        """Return how another process makes the same one."""
        parts = {"expected": self.expected, "found": self.found, "do": self.do}
        return partial(type(self), self.where, **parts), (), vars(self)


class InputError(GotuneError):
    """What the user gave cannot be used."""


class OboError(InputError):
    """The file is not OBO, or a line of it is not.

    ``line`` is the number of the bad line, from 1, or None where no single line is at fault.
    """

    def __init__(self, where: str, *, expected: str, found: str, do: str, line: int | None = None) -> None:
        place = where if line is None else f"{where}, line {line}"
        super().__init__(place, expected=expected, found=found, do=do)
        self.line = line


class GeneError(InputError):
    """Genes, or annotations of them, cannot be read from a file, or its format cannot hold them."""


class UnknownTermError(InputError):
    """The release has no term of this id."""


class UnknownReleaseError(InputError):
    """The catalogue has no release of this date."""


class DocumentError(InputError):
    """The document is empty, binary or in another encoding than UTF-8."""


class TableError(InputError):
    """The table of texts cannot be read, or lacks the named column."""


class DatasetError(InputError):
    """The dataset folder is missing, damaged, or too small for what is asked."""


class EncoderError(InputError):
    """The pretrained encoder cannot be loaded."""


class BundleError(InputError):
    """The folder is not a gotune bundle, or one of a newer format."""


class ConfigError(InputError):
    """A training setting is out of range."""


class DownloadError(GotuneError):
    """No source gave the file."""


class HashMismatchError(DownloadError):
    """A source gave another file than the pinned one."""


class SaveError(GotuneError):
    """A file or folder could not be written; what was there before is untouched."""


class WorkerError(GotuneError):
    """What works on a corpus cannot go on; what was written is whole."""


class MissingExtraError(GotuneError):
    """An optional package is not installed."""


EXTRAS = {
    "scipy": "evaluate",
    "sklearn": "evaluate",
    "sparse_dot_topn": "genes",
    "accelerate": "train",
    "datasets": "train",
    "torch": "train",
    "transformers": "train",
    "onnx": "export",
    "onnxscript": "export",
    "captum": "explain",
    "cleanlab": "explain",
    "pygraphviz": "explore",
    "ray": "ray",
    "umap": "explore",
    "wordcloud": "explore",
}
"""Packages that the base installation lacks, by the extra that brings them."""


def import_failure(exc: ImportError) -> str:
    """Return what is wrong with a package: it is not there, or it is and says why it cannot be used."""
    return f"no module {exc.name}" if isinstance(exc, ModuleNotFoundError) else one_line(str(exc))


def missing_extra(exc: ModuleNotFoundError) -> MissingExtraError | None:
    """Return the error that names the extra which brings a module, or None if none does."""
    package = (exc.name or "").partition(".")[0]
    if package not in EXTRAS:
        return None
    extra = EXTRAS[package]
    return MissingExtraError(
        f"gotune[{extra}]",
        expected=f"what this needs beside the base of gotune, {package} for one",
        found=f"no module {package}",
        do=f'Install it with: pip install "gotune[{extra}]"',
    )
