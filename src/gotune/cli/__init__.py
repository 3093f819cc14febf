"""The command line: parse, call one library function, write."""

from __future__ import annotations

import sys
from collections.abc import Sequence

INTERRUPTED = "Interrupted. Nothing saved is damaged; an interrupted training goes on with --resume."


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: Arguments without the program's name; None takes those of the process.

    Returns:
        0 if all went well, 1 after an error, 2 after a wrong usage.
    """
    import click

    from gotune.cli.app import app
    from gotune.errors import GotuneError

    try:
        code = app(args=list(sys.argv[1:] if argv is None else argv), standalone_mode=False)
    except GotuneError as exc:
        return _fail(str(exc))
    except click.UsageError as exc:
        exc.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        return _fail(INTERRUPTED)
    except BrokenPipeError:  # the reader of our output, such as head, has gone
        sys.stderr.close()
        return 1
    return int(code or 0)


def _fail(message: str) -> int:
    import click

    click.echo(f"error: {message}", err=True)
    return 1
