#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Regenerates docs/ from templates/, examples/, and the provider's schemas, and validates it.
#
#   TF=terraform TFPLUGINDOCS=tfplugindocs scripts/generate-docs.sh
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools
work=$(mktemp -d "$PWD/.tools/docs.XXXXXX")
trap 'rm -rf "$work"' EXIT

fail() { echo "generate-docs: $*" >&2; exit 1; }

scripts/mirror.sh "$work"
cp examples/provider/provider.tf "$work"
export TF_CLI_CONFIG_FILE=$work/cli.tfrc
"$TF" -chdir="$work" init -input=false >"$work/init.log" || { cat "$work/init.log" >&2; exit 1; }
# tfplugindocs looks for the provider by its bare name.
"$TF" -chdir="$work" providers schema -json |
  sed -E 's#("provider_schemas":\{)"[^"]+"#\1"fusebill"#' >"$work/schema.json"

# A CLI that does not know a kind of resource leaves it out of the schemas, and tfplugindocs
# then deletes its pages.
grep -q '"ephemeral_resource_schemas"' "$work/schema.json" ||
  fail "$("$TF" version | head -n 1) does not know ephemeral resources; use Terraform 1.10, OpenTofu 1.11, or later"
if links=$(grep -oE '\]\([^)]*\)' "$work/schema.json" | grep -v '^](https://'); then
  fail "descriptions need absolute links, since editors show them outside the documentation:"$'\n'"$links"
fi

"$TFPLUGINDOCS" generate --provider-name fusebill --rendered-provider-name Fusebill --providers-schema "$work/schema.json"
go run ./tools/docs rewrite
"$TFPLUGINDOCS" validate --provider-name fusebill --providers-schema "$work/schema.json" >"$work/log" 2>&1 ||
  fail "tfplugindocs validate:"$'\n'"$(grep -v DEBUG "$work/log")"
