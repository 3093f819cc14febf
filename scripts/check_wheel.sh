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
