#!/usr/bin/env bash
# Writes the fixtures of the OPA policies anew: the plan, in JSON, of each of
# examples/policies/opa/cases, by Terraform and by OpenTofu, against the simulated API.
#
#   TERRAFORM=terraform TOFU=tofu scripts/policy-fixtures.sh
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
# It runs itself again, under the simulated API.
if [[ ${1:-} != simulated ]]; then
  exec scripts/simulated.sh -fleet 20 scripts/policy-fixtures.sh simulated
fi

work=$(mktemp -d "$root/.tools/fixtures.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts/mirror.sh "$work"
export TF_CLI_CONFIG_FILE=$work/cli.tfrc TF_IN_AUTOMATION=1
fixtures=examples/policies/opa/fixtures
rm -rf "$fixtures"
for cli in terraform tofu; do
  mkdir -p "$fixtures/$cli"
  command=${TERRAFORM:-terraform}
  [[ $cli == terraform ]] || command=${TOFU:-tofu}
  for case in examples/policies/opa/cases/*/; do
    name=$(basename "$case")
    cp -R "$case" "$work/$name.$cli"
    cp examples/policies/opa/cases/versions.tf "$work/$name.$cli"
    "$command" -chdir="$work/$name.$cli" init -input=false >"$work/log" || { cat "$work/log" >&2; exit 1; }
    "$command" -chdir="$work/$name.$cli" plan -input=false -out=plan.tfplan >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    "$command" -chdir="$work/$name.$cli" show -json plan.tfplan >"$fixtures/$cli/$name.json"
  done
done
