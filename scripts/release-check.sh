#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Rehearses a release of this checkout, with uncommitted changes: builds it with a test
# tag, signs it with a temporary key, and checks it as registries do. Before that, it
# verifies that the check detects each fault.
#
#   CLIS="terraform tofu" GORELEASER=goreleaser scripts/release-check.sh FOLDER
set -euo pipefail
folder=$1
cd "$(dirname "$0")/.."

if ! command -v gpg >/dev/null || ! command -v gpg-agent >/dev/null; then
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends gpg gpg-agent gpgconf
  else
    echo "release-check: gpg or gpg-agent is not on the PATH; install GnuPG 2.2 or later" >&2
    exit 1
  fi
fi

# The path of the agent's socket must be short, so the key is not under .tools.
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
trap 'gpgconf --kill all; rm -rf "$GNUPGHOME"' EXIT

go test -count=1 -v -run '^TestCheck$' ./tools/releasecheck >"$GNUPGHOME/log" || { cat "$GNUPGHOME/log" >&2; exit 1; }
echo "release-check: the check detects each fault:"
grep '^    --- PASS: TestCheck/' "$GNUPGHOME/log" | sed -E '/unchanged/d; s,^    --- PASS: TestCheck/([^ ]+).*,\1,' | sort | paste -sd ' ' | fold -s -w 100

gpg --batch --quiet --passphrase '' --quick-generate-key 'Release check' rsa3072 sign 1d
GPG_FINGERPRINT=$(gpg --batch --with-colons --list-secret-keys | awk -F: '$1 == "fpr" { print $10; exit }')
export GPG_FINGERPRINT
scripts/release.sh "$folder" v0.0.1
echo "release-check: $(find "$folder" -type f | wc -l) files in $folder are a release that registries accept"
