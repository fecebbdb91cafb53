#!/usr/bin/env bash
# Builds the release's archives twice and fails unless they are the same to the last
# byte. The second time everything happens in another folder, with other times.
#
#   GORELEASER=goreleaser scripts/reproducible.sh
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools
work=$(mktemp -d "$PWD/.tools/reproducible.XXXXXX")
trap 'rm -rf "$work"' EXIT
for run in first second; do
  scripts/snapshot.sh "$work/$run" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  (cd "$work/$run" && sha256sum --quiet --check --ignore-missing ./*_SHA256SUMS)
done
diff -r "$work/first" "$work/second"
echo "$(find "$work/first" -type f | wc -l) files, the same twice"
