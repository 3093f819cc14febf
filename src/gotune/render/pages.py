"""HTML pages in one file: they load nothing from elsewhere, and run no script but ours.

Every value is escaped by jinja2, and shows what cannot be seen in it or would turn letters round.
Only texts of documents stand as they are, by the filter ``verbatim``, each in an element with a direction of
its own. So do names of others, in ``<bdi>``. A content security policy (https://www.w3.org/TR/CSP3/) in the
page names the scripts that may run by their hash and forbids all requests, so that nothing hidden in a text,
however it came through, can run or call out.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Protocol

from gotune.aspects import ASPECTS
from gotune.files import check_file
from gotune.lines import encodable, printable
from gotune.render.wording import NONE_COLOUR, counted, shown_score

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup
    from matplotlib.figure import Figure


def render_page(
    template: str, *, title: str, named: str = "", scripts: Sequence[str] = (), **values: object
) -> str:
    """Return one self-contained HTML page.

    Args:
        template: Name of a file in ``templates``, which extends ``page.html.j2``.
        title: Title and first heading, in which ``{}`` stands for the name.
        named: A name from outside.
        scripts: JavaScript to run at the end of the page, in this order; never made of users' text, which
            goes into the page with ``data_block``.
        values: What the template shows.
    """
    return "".join(page_pieces(template, title=title, named=named, scripts=scripts, **values))


def page_pieces(
    template: str, *, title: str, named: str = "", scripts: Sequence[str] = (), **values: object
) -> Iterator[str]:
    """Yield a page that is too large to be held, piece by piece, see `render_page`.

    Among the values may be lines of a file of what `render_part` gave, made Markup.
    """
    from markupsafe import Markup

    trusted = [_Script(source) for source in scripts]
    yield from (
        _environment()
        .get_template(template)
        .generate(
            title=Markup(title).format(Markup("<bdi>{}</bdi>").format(_shown(named))),  # noqa: S704
            scripts=trusted,
            policy=_policy(trusted),
            aspects=ASPECTS,
            none_colour=NONE_COLOUR,
            version=version("gotune"),
            **values,
        )
    )


class Totals(Protocol):
    """What the head of a page tells of all of its parts."""

    @property
    def title(self) -> str:
        """What they are, or the name of the only one."""
        ...


@contextmanager
def page_of_parts(path: Path, name: str, *, title: str, totals: Totals) -> Iterator[Callable[[str], object]]:
    """Write a page whose parts are made one after the other; they wait in a file beside it.

    Args:
        path: The page.
        name: Of its template and its script in ``templates``, which may call what ``filters.js`` has.
        title: Title and first heading, in which ``{}`` stands for that of the totals.
        totals: Of all parts, complete when the block ends.

    Yields:
        What adds a part, as `render_part` gives it.
    """
    from markupsafe import Markup

    with (
        path.open("w", encoding="utf-8", newline="\n") as file,
        TemporaryFile("w+", encoding="utf-8", newline="\n", dir=path.parent) as parts,
    ):
        yield parts.write
        parts.seek(0)
        file.writelines(
            page_pieces(
                f"{name}.html.j2",
                title=title,
                named=totals.title,
                scripts=[read_asset("filters.js") + read_asset(f"{name}.js")],
                totals=totals,
                parts=map(Markup, parts),
                counted=counted,
            )
        )


def render_part(template: str, **values: object) -> str:
    """Return HTML that goes into a page, such as that of one document of many."""
    return _environment().get_template(template).render(**values)


def check_page_name(path: Path) -> None:
    """Refuse a name that is not that of a page, before any work is done.

    Raises:
        InputError: Another suffix than .html.
        SaveError: It cannot be written there.
    """
    check_file(path, (".html",), do="Rename it, for example to page.html.")


def read_asset(name: str) -> str:
    """Return a file of the folder ``templates``, such as a script."""
    return (files("gotune.render") / "templates" / name).read_text(encoding="utf-8")


def data_block(identifier: str, values: object) -> Markup:
    """Return values as JSON in a block that a script can read, and that nothing in them can end."""
    from markupsafe import Markup, escape

    text = json.dumps(values, separators=(",", ":"), allow_nan=False)
    # As in flask's tojson: no tag or comment can begin, and an ampersand stays what it is.
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup('<script type="application/json" id="{}">{}</script>').format(
        escape(identifier),
        Markup(text),  # noqa: S704
    )


def image_address(figure: Figure) -> str:
    """Return a picture as an address that holds it whole, for ``<img src>``."""
    from gotune.render.figures import draw_figure

    stream = io.BytesIO()
    draw_figure(figure, stream, ".svg")
    return "data:image/svg+xml;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


class _Script(str):
    """JavaScript of our own, which a template may write as it is."""

    def __new__(cls, source: str) -> _Script:
        if "</script" in source.lower() or "<!--" in source:
            raise ValueError("a script must not hold what ends or comments out its element")
        return super().__new__(cls, source)

    def __html__(self) -> str:
        return str(self)

    @property
    def hash(self) -> str:
        """Hash by which the policy names it."""
        digest = hashlib.sha256(self.encode("utf-8")).digest()
        return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _policy(scripts: Sequence[_Script]) -> str:
    allowed = " ".join(script.hash for script in scripts) or "'none'"
    return (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        f"script-src {allowed}"
    )


def _shown(value: object) -> object:
    """Make a text one that steers nothing, see `gotune.lines.printable`; leave what is HTML, or no text."""
    from markupsafe import escape

    return value if not isinstance(value, str) or hasattr(value, "__html__") else escape(printable(value))


def _verbatim(text: str) -> Markup:
    r"""Make text such that a browser reads it back as it is.

    A carriage return would become a line feed. Half surrogates and NUL cannot stand in a page: they become
    ``\ufffd``.
    """
    from markupsafe import Markup, escape

    return Markup(str(escape(encodable(text).replace("\0", "\ufffd"))).replace("\r", "&#13;"))  # noqa: S704


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("gotune.render", "templates"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    globals_: dict[str, Any] = {"data_block": data_block}
    environment.globals.update(globals_)
    environment.filters["verbatim"] = _verbatim
    environment.filters["score"] = shown_score
    return environment
