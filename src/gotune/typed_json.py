"""JSON that anybody may have written: never too deep, never NaN, and read as the dataclass that it should be.

Every JSON file of ours is read here, so that a damaged or hostile one is refused with its key, what was
expected and what was found, and so that no value of another type gets in.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from gotune.errors import GotuneError, InputError
from gotune.lines import encodable

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

T = TypeVar("T")

DEPTH = 100
"""How deep values may be nested; ours are five deep, and a configuration of transformers is ten."""
_SHOWN = 80
"""Characters of a value that is shown."""


def parse_json(text: str | bytes, *, finite: bool = True) -> Any:  # noqa: ANN401 (whatever stands there)
    """Return the value of a JSON text.

    Args:
        text: It, in Unicode.
        finite: Refuse the words NaN and Infinity, which JSON does not have, but Python and pandas write.

    Raises:
        ValueError: It is not JSON, has the words NaN or Infinity or a key twice in one object, or is nested
            more than `DEPTH` deep.
    """
    constant = _refuse_constant if finite else None
    try:
        values = json.loads(text, parse_constant=constant, object_pairs_hook=_with_distinct_keys)
    except RecursionError as exc:
        raise ValueError(_TOO_DEEP) from exc
    inner = [values]
    for _ in range(DEPTH + 1):
        inner = [held for value in inner for held in _held(value)]
        if not inner:
            return values
    raise ValueError(_TOO_DEEP)


_TOO_DEEP = f"values nested more than {DEPTH} deep"


def _held(value: object) -> Iterable[object]:
    """Return what an object or a list holds that may hold more."""
    found = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [held for held in found if isinstance(held, dict | list)]


def objects_in(value: object) -> Iterator[dict[str, Any]]:
    """Yield the objects of what `parse_json` gave, those within others and within lists as well."""
    if isinstance(value, dict):
        yield value
    for held in _held(value):
        yield from objects_in(held)


def read_json(path: Path) -> Any:  # noqa: ANN401 (whatever stands there)
    """Return the value of a JSON file.

    Raises:
        OSError: The file cannot be read.
        ValueError: As for `parse_json`.
    """
    return parse_json(path.read_bytes())


def json_text(
    value: object,
    *,
    indent: int | None = None,
    ascii_only: bool = True,
    default: Callable[[Any], Any] | None = None,
) -> str:
    r"""Return a result as JSON that every reader takes: a figure that is no number, or endless, is null.

    Args:
        value: Of dictionaries, sequences, strings, numbers, booleans and None.
        indent: Blanks for each level, or None for one line.
        ascii_only: Write ``\u`` escapes for the rest, half surrogates of file names among them. Without it
            they become U+FFFD, as no file can hold them.
        default: Makes of any other value one of these.
    """
    text = json.dumps(
        _finite(value), indent=indent, ensure_ascii=ascii_only, allow_nan=False, default=default
    )
    return text if ascii_only else encodable(text)


def _finite(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(held) for key, held in value.items()}
    return [_finite(held) for held in value] if isinstance(value, list | tuple) else value


def as_record(values: object, kind: type[T], where: str, *, do: str, error: type[InputError]) -> T:
    """Return what `parse_json` gave as a dataclass, with its nested ones, every value of the declared type.

    Nothing is converted but a list to a tuple or set, a text to a member of an enumeration, and a whole
    number to a float.

    Args:
        values: An object with the fields of the dataclass; those that have a default may be left out.
        kind: The dataclass.
        where: What the values are from, for the message.
        do: What to do about it, as a sentence.
        error: Kind of the error.

    Raises:
        InputError: Of the kind ``error``: a key is unknown or missing, or a value is of another type or out
            of range.
    """
    from pydantic import ValidationError

    try:
        adapter = _adapter(kind)  # type: ignore[arg-type]  # a type can be hashed
        found: tuple[T] = adapter.validate_json(json.dumps([values]), strict=True)
    except ValidationError as exc:
        expected, seen = _told(exc.errors(include_url=False)[0])
    except TypeError as exc:  # of a caller in Python
        expected, seen = "values that JSON has", str(exc)
    except error:
        raise
    except GotuneError as exc:  # what the dataclass itself refuses
        expected, seen = f"{exc.where}: {exc.expected}", exc.found
    else:
        return found[0]
    raise error(where, expected=expected, found=seen, do=do)


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    from pydantic import ConfigDict, TypeAdapter

    # A dataclass of the standard library takes its configuration from what is around it.
    return TypeAdapter(tuple[kind], config=ConfigDict(extra="forbid", allow_inf_nan=False))  # type: ignore[valid-type]


def _told(error: ErrorDetails) -> tuple[str, str]:
    """Return what was expected, with its key, and what was found."""
    key = ".".join(map(str, error["loc"][1:])) or "the whole"
    if error["type"] == "json_invalid":
        return "JSON", error["msg"].removeprefix("Invalid JSON: ")
    if error["type"] == "missing":
        return f"the key {key}", "none"
    if error["type"] == "unexpected_keyword_argument":
        return "known keys alone", f"the key {key}"
    message = error["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    found = repr(error["input"])
    return f"{key}: {message}", found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"


def _with_distinct_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        double = next(key for key, n in Counter(key for key, _ in pairs).items() if n > 1)
        raise ValueError(f"the key {double!r} twice in one object")
    return values


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name}, which is no JSON")
