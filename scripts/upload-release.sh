#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Uploads the files of a release to a draft on GitHub, with the provenance and its checksum.
# Registries see the release once a maintainer publishes it.
#
#   scripts/upload-release.sh TAG FOLDER PROVENANCE
#
# gh must be on the PATH and authenticated.
set -euo pipefail
tag=$1 folder=$(cd "$2" && pwd) provenance=$3
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scripts/release-notes.sh "$tag" >"$work/notes.md"
prefix=terraform-provider-fusebill_${tag#v}_
name=${prefix}provenance.sigstore.json
cp "$provenance" "$work/$name"
(cd "$work" && sha256sum -- "$name" >"$name.sha256")
options=(--draft --verify-tag --title "$tag" --notes-file "$work/notes.md")
[[ $tag != *-* ]] || options+=(--prerelease)
gh release create "$tag" "${options[@]}" "$folder/$prefix"* "$work/$name" "$work/$name.sha256"
