#!/bin/sh
# What a release is made of, in dist/: the wheel, the packages it stands on with their hashes, and the sums of both.
# The same commit gives the same bytes. A version that CHANGELOG.md does not tell of is refused.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
version=$("$venv/bin/python" -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')
if [ "${1:-}" = --tag ]; then
    grep -q "^## $version\b" CHANGELOG.md || { echo "release: CHANGELOG.md has no heading \"## $version\"" >&2; exit 1; }
    [ -z "$(git status --porcelain)" ] || { echo "release: there are changes that are not committed" >&2; exit 1; }
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
