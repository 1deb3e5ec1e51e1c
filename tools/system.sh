#!/bin/sh
# What the tests need beyond Python: a browser, fonts with Chinese characters, PostgreSQL.
# With --failover also what that trial needs; its services are not started.
# As root with apt-get, what is missing is installed; otherwise the exact command is printed and the tests
# that need it are left out. HUIYIN_REQUIRE_ALL=1: anything missing is a failure.
set -eu

has_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_fonts() { command -v fc-list && [ -n "$(fc-list :lang=zh family)" ]; }
has_postgres() {
    for initdb in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$initdb" ] || continue
        major=$("$initdb" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
        if [ "$major" -ge 15 ]; then return 0; fi
    done
    return 1
}

has_failover() {
    for program in patroni etcd haproxy pgbouncer; do
        PATH="$PATH:/usr/sbin" command -v "$program" || return 1
    done
}

find_missing() {
    missing=""
    has_browser >/dev/null || missing="$missing chromium"
    has_fonts >/dev/null || missing="$missing fontconfig fonts-noto-cjk"
    has_postgres || missing="$missing postgresql"
    if [ "$wanted" = --failover ]; then
        has_failover >/dev/null || missing="$missing patroni etcd-server haproxy pgbouncer"
    fi
}

wanted="${1:-}"
find_missing
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "system: installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 -- a list of package names
    { apt-get update -qq && apt-get install -qq -y --no-install-recommends $missing; } >/dev/null || true
    if [ "$wanted" = --failover ] && command -v systemctl >/dev/null; then
        systemctl disable --now patroni etcd haproxy pgbouncer >/dev/null 2>&1 || true
    fi
    find_missing
    [ -n "$missing" ] || exit 0
fi

echo "system: missing, and the tests that need it are left out:$missing" >&2
echo "system: on Debian or Ubuntu:  sudo apt-get install --no-install-recommends$missing" >&2
[ "${HUIYIN_REQUIRE_ALL:-}" != 1 ]
