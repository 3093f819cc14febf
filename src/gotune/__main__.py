"""``python -m gotune``, which torchrun needs."""

import sys

from gotune.cli import main

if __name__ == "__main__":
    sys.exit(main())
