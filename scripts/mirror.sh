#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Builds the provider into a filesystem mirror, under the hosts of both registries.
#
#   scripts/mirror.sh FOLDER
#
# It also writes FOLDER/cli.tfrc, a CLI configuration that installs only from the mirror.
set -euo pipefail
folder=$1
cd "$(dirname "$0")/.."
mkdir -p "$folder"
go build -trimpath -o "$folder/provider" .
read -r address version < <("$folder/provider" -version)
version=${version%%-*} # A CLI does not select a prerelease by default.
binary=terraform-provider-${address##*/}_v$version
for host in registry.terraform.io registry.opentofu.org; do
  platform=$folder/mirror/$host/${address#*/}/$version/$(go env GOOS)_$(go env GOARCH)
  mkdir -p "$platform"
  ln -f "$folder/provider" "$platform/$binary"
done
rm "$folder/provider"
cat >"$folder/cli.tfrc" <<TFRC
disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = "$folder/mirror"
  }
}
TFRC
