#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Builds and signs the files of a release into a folder, and checks them as registries do.
# It uploads nothing.
#
#   CLIS="terraform tofu" GORELEASER=goreleaser GPG_FINGERPRINT=FINGERPRINT \
#     scripts/release.sh FOLDER TAG
#
# It installs the release with each of CLIS.
set -euo pipefail
mkdir -p "$1"
folder=$(cd "$1" && pwd)
tag=$2
cd "$(dirname "$0")/.."

fail() { echo "release: $*" >&2; exit 1; }

[[ -n ${GPG_FINGERPRINT:-} ]] || fail "GPG_FINGERPRINT is not set; set it to the fingerprint of the signing key"
for tool in gpg $CLIS; do
  command -v "$tool" >/dev/null || fail "$tool is not on the PATH"
done
scripts/build-release.sh "$folder" "$tag"

work=$(mktemp -d "$PWD/.tools/release.XXXXXX")
trap 'rm -rf "$work"' EXIT
gpg --batch --armor --export "$GPG_FINGERPRINT" >"$work/key.asc"
go build -o "$work/releasecheck" ./tools/releasecheck
options=()
for cli in $CLIS; do
  options+=(-cli "$cli")
done
echo "release: checking $folder"
scripts/simulated.sh "$work/releasecheck" -version "${tag#v}" -key "$work/key.asc" "${options[@]}" "$folder"
