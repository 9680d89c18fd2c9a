#!/bin/sh
# Makes the environment .venv from a lock file: `scripts/bootstrap.sh run` or `scripts/bootstrap.sh test`.
# Done already and nothing changed since: returns at once. Whatever is missing is said in one sentence.
set -eu
cd "$(dirname "$0")/.."
purpose="${1:-run}"
oldest="3.11"

say() { printf 'tmam: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

python=""
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if interpreter="$("$candidate" -c 'import sys; print(sys.version, sys.prefix); sys.exit(sys.version_info < (3, 11))' 2>/dev/null)"; then
        python="$candidate"
        break
    fi
done
if [ -z "$python" ]; then
    found="$("${PYTHON:-python3}" -c 'import platform; print(platform.python_version())' 2>/dev/null || echo none)"
    fail "Python $oldest or newer is needed, found: $found (Debian and Ubuntu: sudo apt-get install python3 python3-venv)."
fi

# Changes when the lock, the build or the interpreter does.
wanted="$(cat requirements/installer.txt requirements/build.txt "requirements/$purpose.txt" pyproject.toml | cksum) $interpreter $PWD"
stamp=".venv/.made-for-$purpose"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && [ -x .venv/bin/python ]; then
    exit 0
fi

"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    fail "Python's venv module is missing (Debian and Ubuntu: sudo apt-get install python3-venv)."
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "making the environment .venv …"
    rm -rf .venv
    "$python" -m venv .venv || fail "the environment .venv could not be made; is this folder writable?"
fi

say "installing the $purpose packages (first time and after changes only) …"
quiet="--quiet --disable-pip-version-check --require-hashes"
install_with_uv() {
    # uv installs in seconds. It trusts what the system trusts, and gets the index that pip would use.
    .venv/bin/python -m pip install $quiet --only-binary :all: -r requirements/installer.txt || return 1
    index="${UV_DEFAULT_INDEX:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}"
    index="${PIP_INDEX_URL:-$index}"
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
    .venv/bin/uv pip install --quiet --system-certs --python .venv/bin/python --require-hashes -r requirements/build.txt -r "requirements/$purpose.txt"
}
if ! install_with_uv; then
    say "that did not work with uv; trying with pip …"
    .venv/bin/python -m pip install $quiet -r requirements/build.txt -r "requirements/$purpose.txt" ||
        fail "the packages could not be installed; the reason is above."
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ||
    fail "tmam itself could not be installed into .venv; the reason is above."
printf '%s' "$wanted" >"$stamp"
