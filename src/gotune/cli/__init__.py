"""The command line: parse, call one library function, write."""

from __future__ import annotations

import errno
import io
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typer import BadParameter


_OF_OUTPUT = (errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT)
"""What writing to a pipe, a file or a terminal may fail with."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: Arguments without the program's name; None takes those of the process.

    Returns:
        0 if all went well, 1 after an error, 2 after a wrong usage, 130 after Ctrl-C as shells have it. Where
        nobody reads the output any more, as behind ``| head -1``, it is 1 as well, and nothing is said.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show a letter shows a question mark
            stream.reconfigure(errors="replace")
    if logging.lastResort is not None:  # it writes what libraries log to standard error
        logging.lastResort.setFormatter(_Logged())
    warnings.showwarning = lambda message, *_, **__: _tell("warning", str(message))
    try:
        code = _run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as exc:
        if exc.errno not in _OF_OUTPUT or exc.filename is not None:
            raise
        # The library has errors of its own for its files: here standard output could not be written.
        return _leave_output(exc)
    return code


def _run(arguments: Sequence[str]) -> int:
    from gotune.cli.app import UsageError, app_with
    from gotune.cli.options import renamed
    from gotune.errors import ConfigError, GotuneError, missing_extra

    if found := renamed(arguments):
        _tell("error", found)
        return 2
    try:
        app = app_with(next(iter(arguments), ""))
        return app(args=arguments, prog_name="gotune", standalone_mode=False) or 0
    except UsageError as exc:
        return _show_usage(exc)
    except KeyboardInterrupt:  # before typer looks after it
        return 130
    except SystemExit as exc:  # typer has found that nobody reads the output
        return int(exc.code or 0)
    except ModuleNotFoundError as exc:
        if (error := missing_extra(exc)) is None:
            raise
        _tell("error", str(error))
        return 1
    except GotuneError as exc:
        # A setting is an option here; other things that a run needs, such as a folder, are none, nor are
        # variables of the environment.
        is_option = isinstance(exc, ConfigError) and exc.where.isidentifier() and exc.where.islower()
        option = f"--{exc.where.replace('_', '-')}"
        _tell("error", f"{option}{str(exc).removeprefix(exc.where)}" if is_option else str(exc))
        return 2 if is_option else 1


def _show_usage(problem: BadParameter) -> int:
    from gotune.lines import printable, shortened

    # Help, which a group shows that is given no command, has lines of its own.
    if problem.ctx is None or problem.message != problem.ctx.get_help():
        problem.message = shortened(printable(problem.message))
    problem.show()
    return problem.exit_code


def _leave_output(problem: OSError) -> int:
    from gotune.errors import SaveError

    # What is left in the buffer must not fail once more when the process ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if problem.errno != errno.EPIPE:
        error = SaveError(
            "standard output",
            expected="a place that can be written",
            found=problem.strerror or str(problem),
            do="Free some space or write to another place.",
        )
        _tell("error", str(error))
    return 1


def _tell(kind: str, message: str) -> None:
    """Write a line to standard error."""
    import typer

    from gotune.lines import printable, shortened

    typer.echo(f"{kind}: {shortened(printable(message))}", err=True)


class _Logged(logging.Formatter):
    """Makes what a library logs safe to print."""

    def format(self, record: logging.LogRecord) -> str:
        from gotune.lines import printable, shortened

        return shortened(printable(record.getMessage()))
