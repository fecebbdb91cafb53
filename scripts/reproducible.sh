#!/usr/bin/env bash
# Builds the release's archives twice from the last commit, in clones of their own with
# build caches of their own, and fails unless they are the same to the last byte.
#
#   GORELEASER=goreleaser CYCLONEDX_GOMOD=cyclonedx-gomod scripts/reproducible.sh
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
mkdir -p .tools
work=$(mktemp -d "$root/.tools/reproducible.XXXXXX")
trap 'rm -rf "$work"' EXIT
for run in first second/deeper; do
  mkdir -p "$work/$run"
  git clone -q "$root" "$work/$run/checkout"
  (cd "$work/$run/checkout" && GOCACHE=$work/$run/cache "$GORELEASER" release --snapshot --skip=sign --parallelism=2) >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  (cd "$work/$run/checkout/dist" && sort -k2 -- *_SHA256SUMS) >"$work/$run/sums"
  rm -rf "$work/$run/cache"
done
diff "$work/first/sums" "$work/second/deeper/sums"
echo "$(wc -l <"$work/first/sums") files, the same twice"
