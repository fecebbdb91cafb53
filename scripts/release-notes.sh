#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Prints the part of CHANGELOG.md about a version, which must be dated.
#
#   scripts/release-notes.sh TAG
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1#v}
notes=$(awk -v heading="## $version (" '
  /^## / { inside = index($0, heading) == 1 && $0 !~ /Unreleased/; next }
  inside
' CHANGELOG.md)
if [[ -z ${notes//[[:space:]]/} ]]; then
  echo "release-notes: CHANGELOG.md has no dated section for $version" >&2
  exit 1
fi
printf '%s\n' "$notes"
