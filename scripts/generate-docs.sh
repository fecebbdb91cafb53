#!/usr/bin/env bash
# Writes docs/ anew. The schemas come from the provider of this checkout by way
# of the CLI in TF; tfplugindocs, in TFPLUGINDOCS, renders them.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools
work=$(mktemp -d "$PWD/.tools/docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts/mirror.sh "$work"
cp examples/provider/provider.tf "$work"
TF_CLI_CONFIG_FILE=$work/cli.tfrc "$TF" -chdir="$work" init -input=false >"$work/init.log" || { cat "$work/init.log" >&2; exit 1; }
# tfplugindocs looks for the provider by its bare name.
TF_CLI_CONFIG_FILE=$work/cli.tfrc "$TF" -chdir="$work" providers schema -json |
  sed -E 's#("provider_schemas":\{)"[^"]+"#\1"fusebill"#' >"$work/schema.json"
"$TFPLUGINDOCS" generate --provider-name fusebill --rendered-provider-name Fusebill --providers-schema "$work/schema.json"
