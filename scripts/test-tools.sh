#!/bin/sh
# The programs that the tests use beside Python: a browser, independent readers of codes and documents.
# On Debian and Ubuntu they are installed when we may; otherwise we say what to type, and fail.
set -eu
packages="chromium zbar-tools qpdf poppler-utils openssl gettext softhsm2 nodejs npm curl"

missing() {
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || echo chromium
    command -v zbarimg >/dev/null 2>&1 || echo zbar-tools
    command -v qpdf >/dev/null 2>&1 || echo qpdf
    command -v pdftotext >/dev/null 2>&1 || echo poppler-utils
    command -v openssl >/dev/null 2>&1 || echo openssl
    command -v msgfmt >/dev/null 2>&1 || echo gettext
    command -v softhsm2-util >/dev/null 2>&1 || echo softhsm2
    command -v node >/dev/null 2>&1 || echo nodejs
    command -v npm >/dev/null 2>&1 || echo npm
    command -v curl >/dev/null 2>&1 || echo curl
}

# Programs of others from npm, with the hashes of the lock; their install scripts are not run.
outsiders() {
    folder="$(dirname "$0")/../tests/outsiders"
    kept="$folder/node_modules/.installed-lock"
    cmp -s "$folder/package-lock.json" "$kept" && return
    printf 'tmam: installing for the tests: programs from npm\n' >&2
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent >/dev/null
    cp "$folder/package-lock.json" "$kept"
}

# Where the distribution has it: Chromium without windows, which opens pages with less work. Tests pass without it.
shell() {
    command -v chromium-headless-shell >/dev/null 2>&1 && return
    apt-cache show chromium-headless-shell >/dev/null 2>&1 && echo chromium-headless-shell || true
}

wanted="$(missing; shell)"
[ -n "$wanted" ] || { outsiders; exit 0; }
root=""
if [ "$(id -u)" -ne 0 ]; then root="sudo -n"; fi
if command -v apt-get >/dev/null 2>&1 && { [ -z "$root" ] || sudo -n true 2>/dev/null; }; then
    printf 'tmam: installing for the tests: %s\n' "$(echo $wanted)" >&2
    $root apt-get update -qq >/dev/null || true
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted $(shell) >/dev/null || true
fi
wanted="$(missing)"
[ -n "$wanted" ] || { outsiders; exit 0; }
printf 'tmam: the tests need programs that are missing: %s\n' "$(echo $wanted)" >&2
printf 'tmam: Debian and Ubuntu: sudo apt-get install %s\n' "$packages" >&2
printf 'tmam: macOS (untested): brew install --cask chromium; brew install zbar qpdf poppler openssl gettext softhsm node\n' >&2
exit 1
