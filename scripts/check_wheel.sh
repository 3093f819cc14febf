#!/bin/sh
# Build the wheel into dist/, install it alone into a new environment, and use it from another folder.
# Usage: sh scripts/check_wheel.sh BIN
set -eu
bin=$(cd "${1:?folder of the python to build with}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rm -rf dist
"$bin/python" -m build --quiet --no-isolation --wheel . >/dev/null
# The new environment sees the libraries of the old one, but gotune only from the wheel.
"$bin/python" -m venv --without-pip "$work/venv"
site=$("$work/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
"$bin/pip" install --quiet --no-deps --no-index --target "$site" dist/gotune-*.whl
"$bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' >"$site/libraries.pth"
cd "$work"
"$work/venv/bin/python" - "$site" <<'EOF'
import sys
from importlib.resources import files

import gotune

assert gotune.__file__.startswith(sys.argv[1]), gotune.__file__
assert (files("gotune") / "py.typed").is_file()
print(gotune.example_ontology())
EOF
"$work/venv/bin/python" -m gotune --version
# Both models answer with nothing but the base installation, and no network.
printf 'Hsp70 binds unfolded proteins. Mice were kept in cages.\n' >paper.txt
"$work/venv/bin/python" - <<'EOF'
import socket
import sys

from gotune.cli import main
from gotune.errors import EXTRAS


def refuse(*_: object) -> None:
    raise OSError("no network here")


socket.socket.connect = refuse
sys.modules.update(dict.fromkeys(EXTRAS))
for model in ("papers", "fast"):
    assert main(["classify", "Hsp70 binds unfolded proteins.", "-m", model]) == 0
    assert main(["classify", "paper.txt", "-m", model, "-o", f"{model}.xlsx", "-o", f"{model}.html"]) == 0
    assert main(["explain", "Hsp70 binds unfolded proteins.", "-m", model, "-o", f"{model}_why.html"]) == 0
assert main(["models"]) == 0
assert main(["annotate", "paper.txt", "-o", "terms.tsv"]) == 0
assert main(["search", "programmed cell death"]) == 0
EOF
