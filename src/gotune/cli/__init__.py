"""The command line: parse, call one library function, write."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: Arguments without the program's name; None takes those of the process.

    Returns:
        0 if all went well, 1 after an error, 2 after a wrong usage, 130 after Ctrl-C as shells have it.
    """
    from gotune.cli.app import app
    from gotune.cli.options import renamed
    from gotune.errors import ConfigError, GotuneError

    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show a letter shows a question mark
            stream.reconfigure(errors="replace")
    if found := renamed(arguments):
        sys.stderr.write(f"error: {found}\n")
        return 2
    try:
        app(args=arguments, prog_name="gotune")
    except SystemExit as exc:  # typer has printed the usage error, or that it was interrupted
        return exc.code if isinstance(exc.code, int) else int(exc.code is not None)
    except GotuneError as exc:
        # A setting is an option here; other things that a run needs, such as a folder, are none.
        is_option = isinstance(exc, ConfigError) and exc.where.isidentifier()
        told = f"--{exc.where.replace('_', '-')}{str(exc).removeprefix(exc.where)}" if is_option else exc
        sys.stderr.write(f"error: {told}\n")
        return 2 if is_option else 1
    return 0
