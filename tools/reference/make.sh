#!/bin/sh
# Makes every reference fixture in a Python environment of its own.
set -e
cd "$(dirname "$0")"
environment="${TMPDIR:-/tmp}/pentimento-reference"
[ -d "$environment" ] || python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --requirement requirements.txt
"$environment/bin/pip" install --quiet --no-deps --requirement requirements-alone.txt
"$environment/bin/python" -B make.py
