#!/bin/sh
# The programs that the tests use beside Python: a browser, independent readers of codes and documents.
# On Debian and Ubuntu they are installed when we may; otherwise we say what to type, and fail.
set -eu
packages="chromium zbar-tools qpdf poppler-utils openssl gettext softhsm2"

missing() {
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || echo chromium
    command -v zbarimg >/dev/null 2>&1 || echo zbar-tools
    command -v qpdf >/dev/null 2>&1 || echo qpdf
    command -v pdftotext >/dev/null 2>&1 || echo poppler-utils
    command -v openssl >/dev/null 2>&1 || echo openssl
    command -v msgfmt >/dev/null 2>&1 || echo gettext
    command -v softhsm2-util >/dev/null 2>&1 || echo softhsm2
}

wanted="$(missing)"
[ -n "$wanted" ] || exit 0
root=""
if [ "$(id -u)" -ne 0 ]; then root="sudo -n"; fi
if command -v apt-get >/dev/null 2>&1 && { [ -z "$root" ] || sudo -n true 2>/dev/null; }; then
    printf 'tmam: installing for the tests: %s\n' "$(echo $wanted)" >&2
    $root apt-get update -qq >/dev/null || true
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null || true
fi
wanted="$(missing)"
[ -n "$wanted" ] || exit 0
printf 'tmam: the tests need programs that are missing: %s\n' "$(echo $wanted)" >&2
printf 'tmam: Debian and Ubuntu: sudo apt-get install %s\n' "$packages" >&2
printf 'tmam: macOS (untested): brew install --cask chromium; brew install zbar qpdf poppler openssl gettext softhsm\n' >&2
exit 1
