#!/usr/bin/env bash
# Makes a virtual environment that holds exactly a lock: install.sh TARGET [LOCK]. One that already holds it is left as it is.
# install.sh --where says, as outputs of a step, where the actions keep theirs and under which key it may be cached.
# Python is the first of $PYTHON, python3 and the runner's own that is 3.11 or newer; uv is the one on PATH, or the pinned one by pip.
# Neither PATH nor the user's Python is altered.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
    echo "install.sh: $1" >&2
    exit 2
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" || fail "$PYTHON is not Python 3.11 or newer; set PYTHON to one"
        python=$PYTHON
        return
    fi
    for python in python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11 \
        "${RUNNER_TOOL_CACHE:-/opt/hostedtoolcache}"/Python/3.1[1-9]*/*/bin/python3; do
        if new_enough "$python"; then return; fi
    done
    fail "no Python 3.11 or newer was found; add a step actions/setup-python, or set PYTHON"
}

# What an environment was made from: the lock, and the very interpreter.
identity() {
    "$python" - "$1" <<'EOF'
import hashlib, pathlib, platform, sys
lock = hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest()[:20]
print(f"{platform.system()}-{platform.machine()}-py{platform.python_version()}-{lock}".lower())
EOF
}

holds() {
    [ -x "$1/bin/python" ] && [ "$(cat "$1/.made-from" 2>/dev/null)" = "$2" ] && "$1/bin/python" -I -c '' 2>/dev/null
}

# What a change may have touched is never restored by a job that may write, and such a job caches nothing for others.
# Neither does one that somebody starts by hand or by a command: it runs a change, and its cache would be the default branch's.
trust() {
    case ${GITHUB_EVENT_NAME:-} in
        pull_request | merge_group) echo change true ;;
        push | schedule) echo branch true ;;
        *) echo branch false ;;
    esac
}

where() {
    local lock=$root/requirements-action.lock home=${RUNNER_TEMP:?the runner names no RUNNER_TEMP}/assay made level write
    made=$(identity "$lock")
    read -r level write <<<"$(trust)"
    printf '%s\n' "home=$home" "lock=$lock" "key=assay-$level-$made" "write=$write"
    if holds "$home" "$made"; then echo "present=true"; else echo "present=false"; fi
}

# The pinned uv, for a machine that has none.
pinned_uv() {
    awk '/^uv==/ { on = 1 } on { print } on && !/\\$/ { exit }' "$root/requirements-action.lock" >"$1/.uv.lock"
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$1/.uv.lock"
}

# What no check needs, and every restore of the cache would carry: the installers, and the tests of packages (a third of all files).
prune() {
    rm -rf "$1"/bin/{uv,uvx,pip*} "$1"/lib/python*/site-packages/{pip,pip-*}
    find "$1/lib" -type d -name tests -prune -exec rm -rf {} +
}

install() {
    local target=$1 lock=$2 made uv
    made=$(identity "$lock")
    if holds "$target" "$made"; then return; fi
    echo "Creating $target from $lock (about a minute)"
    rm -rf "$target"
    "$python" -m venv "$target"
    if ! { uv=$(command -v uv) && "$uv" --version >/dev/null 2>&1; }; then
        pinned_uv "$target"
        uv=$target/bin/uv
    fi
    # Without dependencies, because a lock names all that is needed. Compiled on install: an interpreter that may not write bytecode
    # would otherwise compile everything at every start.
    "$uv" pip install --quiet --python "$target/bin/python" --no-deps --require-hashes --compile-bytecode -r "$lock"
    if [ "$lock" = "$root/requirements-action.lock" ]; then prune "$target"; fi
    # Last, so that what was interrupted is made anew.
    echo "$made" >"$target/.made-from"
}

[ $# -ge 1 ] || fail "usage: install.sh TARGET [LOCK], or install.sh --where"
find_python
if [ "$1" = --where ]; then
    where
else
    install "$1" "${2:-requirements.lock}"
fi
