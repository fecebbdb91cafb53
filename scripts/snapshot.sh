#!/usr/bin/env bash
# Builds the release's archives of the last commit, unsigned, into a folder. They are
# the same to the last byte each time: it builds in a clone, so that nothing of a
# checkout gets in.
#
#   GORELEASER=goreleaser scripts/snapshot.sh FOLDER
#
# cyclonedx-gomod must be on the PATH.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/.."
mkdir -p .tools
work=$(mktemp -d "$PWD/.tools/snapshot.XXXXXX")
trap 'rm -rf "$work"' EXIT
git clone -q . "$work/checkout"
(cd "$work/checkout" && "$GORELEASER" release --snapshot --skip=sign)
rm -rf "${folder:?}"/*
mv "$work/checkout/dist"/*.zip "$work/checkout/dist"/*.cdx.json "$work/checkout/dist"/*_SHA256SUMS "$folder"
