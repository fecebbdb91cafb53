#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Builds the files of a release into a folder: archives, registry manifest, SBOMs, and
# checksums, and the signature if GPG_FINGERPRINT names a secret key.
#
#   GORELEASER=goreleaser scripts/build-release.sh FOLDER [TAG]
#
# It builds in a clone of this checkout, with uncommitted changes, and sets the tag there.
# Without a tag, the version is that of a snapshot. Two builds of one checkout produce the
# same archives, byte for byte. cyclonedx-gomod must be on the PATH.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
tag=${2:-}
cd "$(dirname "$0")/.."
mkdir -p .tools
work=$(mktemp -d "$PWD/.tools/build-release.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Uncommitted changes become a commit with the date of HEAD, to keep the build reproducible.
checkout=$work/checkout
git clone --quiet --no-tags . "$checkout"
cp "$(git rev-parse --git-path index)" "$work/index"
GIT_INDEX_FILE=$work/index git add --all
tree=$(GIT_INDEX_FILE=$work/index git write-tree)
if [[ $tree != "$(git rev-parse 'HEAD^{tree}')" ]]; then
  echo "build-release: includes uncommitted changes" >&2
  git -C "$checkout" rm -r --quiet .
  mkdir -p "$checkout"
  git archive "$tree" | tar -x -C "$checkout"
  git -C "$checkout" add --all
  date=$(git show -s --format=%cI HEAD)
  GIT_COMMITTER_DATE=$date git -C "$checkout" -c user.name=build -c user.email=build@localhost -c commit.gpgSign=false \
    commit --quiet --no-verify --date="$date" -m 'Uncommitted changes'
fi

options=()
if [[ -n $tag ]]; then
  git -C "$checkout" -c tag.gpgSign=false tag "$tag"
  options+=(--skip=publish)
else
  options+=(--snapshot)
fi
[[ -n ${GPG_FINGERPRINT:-} ]] || options+=(--skip=sign)
(cd "$checkout" && "$GORELEASER" release "${options[@]}")

cd "$checkout/dist"
sums=(*_SHA256SUMS)
prefix=${sums[0]%SHA256SUMS}
cp ../terraform-registry-manifest.json "${prefix}manifest.json"
sha256sum -- *.cdx.json >"${prefix}sbom_sha256.txt"
rm -rf "${folder:?}"/*
for file in "$prefix"*; do
  [[ ! -f $file ]] || mv "$file" "$folder"
done
