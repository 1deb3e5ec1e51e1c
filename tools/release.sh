#!/bin/sh
# What a release is made of, in dist/: the wheel, the packages it stands on with their hashes, and the sums of both.
# The same commit gives the same bytes.   --keep: keeps its demonstration for the test of upgrades, before the tag.
# --tag: names the commit after its heading in CHANGELOG.md, and refuses a version that is not told of there.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
version=$("$venv/bin/python" -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')
if [ "${1:-}" = --tag ]; then
    grep -q "^## $version\b" CHANGELOG.md || { echo "release: CHANGELOG.md has no heading \"## $version\"" >&2; exit 1; }
    [ -z "$(git status --porcelain)" ] || { echo "release: there are changes that are not committed" >&2; exit 1; }
fi
if [ "${1:-}" = --keep ]; then
    # Its demonstration as it builds it itself: what tests/cli/test_upgrade.py takes over with every later version.
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    export HUIYIN_DATA_DIR="$folder" HUIYIN_ZONE=all DJANGO_SETTINGS_MODULE=huiyin.site.settings
    "$venv/bin/huiyin" setup >/dev/null
    "$venv/bin/python" - <<'PY'
import sqlite3

import django

django.setup()
from django.conf import settings
from django.db import connections

from huiyin.doors.cli import preparing

preparing.build_demonstration()
connections.close_all()
for name in ("huiyin.sqlite3", "keystore/keystore.sqlite3"):
    with sqlite3.connect(settings.DATA_DIR / name) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        file.execute("VACUUM")
PY
    "$venv/bin/huiyin" clerk --once 2>/dev/null
    rm -f "$folder"/huiyin.sqlite3-*
    tar --sort=name --owner=0 --group=0 -C "$folder" -cJf "tests/upgrades/$version.tar.xz" .
    echo "release: tests/upgrades/$version.tar.xz is to be committed before the tag"
    exit 0
fi
rm -rf dist
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH
"$venv/bin/uv" build --quiet --wheel --out-dir dist .
rm -f dist/.gitignore
"$venv/bin/uv" export --quiet --frozen --no-dev --no-emit-project --output-file dist/requirements.txt
"$venv/bin/uv" export --quiet --frozen --no-dev --no-emit-project --extra letters --output-file dist/requirements-letters.txt
(cd dist && sha256sum -- *.whl *.txt >SHA256SUMS)
if [ "${1:-}" = --tag ]; then
    awk -v head="## $version" 'index($0, head) == 1 {on = 1; next} /^## / {on = 0} on' CHANGELOG.md |
        git tag --annotate --cleanup=verbatim --file=- "v$version"
    echo "release: tagged v$version"
fi
echo "release: dist/ holds $version"
