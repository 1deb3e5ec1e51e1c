#!/bin/sh
# The environment: a virtual environment in .venv with exactly the packages of uv.lock, hashes checked.
#   PYTHON=/path/to/python3 tools/setup.sh      says which Python; otherwise the first fit one on PATH
#   EXTRAS="--extra letters" tools/setup.sh     also what is not for everybody (make letters); kept from then on
# Nothing is done, and fast, when the lock, the project file and this script have not changed since last time.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
stamp=$venv/.set-up-from

fit() {  # prints the interpreter's own path if it is new enough and complete
    "$1" - 2>/dev/null <<'PY'
import sys
if sys.version_info < (3, 11):
    raise SystemExit(1)
import ensurepip, sqlite3, ssl, venv  # Debian splits venv off, hand-made builds lack the others
if sqlite3.sqlite_version_info < (3, 35):
    raise SystemExit(1)
print(sys.executable)
PY
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3}; do
        if fit "$candidate"; then return 0; fi
    done
    return 1
}

say_what_is_missing() {
    echo "setup: no Python 3.11 or newer with venv, ssl and sqlite3 was found${PYTHON:+ at $PYTHON}." >&2
    echo "setup: on Debian or Ubuntu:  apt-get install python3 python3-venv" >&2
    echo "setup: or name one:          make setup PYTHON=/path/to/python3" >&2
    exit 1
}

install_python() {  # only Debian's venv part is ever missing on a machine that has Python
    [ "$(id -u)" = 0 ] && [ -z "${PYTHON:-}" ] && command -v apt-get >/dev/null || return 1
    echo "setup: installing Debian's python3-venv" >&2
    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3 python3-venv >&2
}

EXTRAS=${EXTRAS:-$(cat "$venv/.extras" 2>/dev/null || true)}
wanted() { (cat uv.lock pyproject.toml tools/uv.txt tools/setup.sh; echo "$EXTRAS") | cksum; }

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(wanted)" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

python=$(find_python) || { install_python && python=$(find_python); } || say_what_is_missing
if ! "$venv/bin/python" -c '' 2>/dev/null; then
    echo "setup: $venv from $python"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
rm -f "$stamp"
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r tools/uv.txt

index=$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null || true)
export UV_PROJECT_ENVIRONMENT=$venv UV_PYTHON_DOWNLOADS=never
if [ -z "$index" ]; then
    # --inexact keeps pip and uv themselves, which are not in the lock.
    "$venv/bin/uv" sync --quiet --frozen --inexact $EXTRAS --python "$venv/bin/python"
else
    # Behind a mirror the addresses in uv.lock cannot be reached; the hashes still bind.
    "$venv/bin/uv" export --quiet --frozen $EXTRAS --no-emit-project --output-file "$venv/locked.txt"
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --index-url "$index" \
        --require-hashes -r "$venv/locked.txt"
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --editable .
fi
echo "$EXTRAS" >"$venv/.extras"
wanted >"$stamp"
echo "setup: $venv is ready"
