#!/bin/sh
# sh verify.sh PUBLIC_KEY_HEX TOKEN: prints "genuine" and what the ticket says, or exits with 1. Needs openssl 3, base32.
set -eu
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
text=$(printf %s "$2" | tr -d '[:space:]' | tr a-z A-Z)
case ${#text}:$text in 146:T1*|154:T1*) ;; *) echo "not a token" >&2; exit 1 ;; esac
printf %s "$text" | cut -c3-146 | base32 -d > raw 2>/dev/null || { echo "not a token" >&2; exit 1; }
{ printf ETK1; head -c 26 raw; } > signed && tail -c 64 raw > signature
printf '302a300506032b6570032100%s' "$1" | sed 's/../\\x&/g' > escaped
/usr/bin/env printf "$(cat escaped)" > key.der
openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed -sigfile signature >/dev/null 2>&1 ||
    { echo forged >&2; exit 1; }
set -- $(od -An -v -tu1 -N 26 raw)
echo "genuine event=$(($4 << 24 | $5 << 16 | $6 << 8 | $7)) date=$(($8 << 8 | $9))" \
    "serial=$((${10} << 24 | ${11} << 16 | ${12} << 8 | ${13})) generation=$3 kid=$1"
