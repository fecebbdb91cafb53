#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Builds the files of a release twice and fails unless they are the same to the last byte.
# The second build runs in another folder and at another time.
#
#   GORELEASER=goreleaser scripts/reproducible.sh [FOLDER]
#
# With FOLDER, the files in it are the first build. The signature contains its date, so it is
# not compared.
set -euo pipefail
first=${1:+$(cd "$1" && pwd)}
cd "$(dirname "$0")/.."
unset GPG_FINGERPRINT
mkdir -p .tools
work=$(mktemp -d "$PWD/.tools/reproducible.XXXXXX")
trap 'rm -rf "$work"' EXIT

build() { scripts/build-release.sh "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }

tag=v0.0.1
if [[ -z $first ]]; then
  first=$work/first
  build "$first" "$tag"
else
  sums=("$first"/*_SHA256SUMS)
  tag=${sums[0]%_SHA256SUMS}
  tag=v${tag##*_}
fi
build "$work/second" "$tag"
diff -r --exclude='*.sig' "$first" "$work/second"
echo "reproducible: two builds produced the same $(find "$work/second" -type f | wc -l) files"
