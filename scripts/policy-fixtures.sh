#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Writes the fixtures of the OPA policies: the plan, in JSON, of each of
# examples/policies/opa/cases, by Terraform and by OpenTofu, against the simulated API.
# The head of a case's main.tf may have a command to run before, the arguments of the
# plan, and a command that prints the fixture instead of a plan. The files in a folder
# "then" replace those of the case after the first command.
#
#   TERRAFORM=terraform TOFU=tofu scripts/policy-fixtures.sh
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
# The script runs itself again, under the simulated API.
if [[ ${1:-} != simulated ]]; then
  exec scripts/simulated.sh -fleet 20 scripts/policy-fixtures.sh simulated
fi

work=$(mktemp -d "$root/.tools/fixtures.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts/mirror.sh "$work"
for host in registry.terraform.io registry.opentofu.org; do
  platform=$work/mirror/$host/example/cloud/0.0.1/$(go env GOOS)_$(go env GOARCH)
  mkdir -p "$platform"
  (cd tools/policy && go build -o "$platform/terraform-provider-cloud_v0.0.1" ./cloud)
done
export TF_CLI_CONFIG_FILE=$work/cli.tfrc TF_IN_AUTOMATION=1 TF_INPUT=0
fixtures=examples/policies/opa/fixtures
rm -rf "$fixtures"

# header CASE NAME prints the values of a line in the head of the case's main.tf.
header() {
  sed -n "s/^# $2: //p" "$1/main.tf"
}

for cli in terraform tofu; do
  mkdir -p "$fixtures/$cli"
  command=${TERRAFORM:-terraform}
  [[ $cli == terraform ]] || command=${TOFU:-tofu}
  for case in examples/policies/opa/cases/*/; do
    name=$(basename "$case")
    folder=$work/$name.$cli
    cp -R "$case" "$folder"
    versions=versions.tf
    ! grep -q '"cloud_' "$case/main.tf" || versions=versions-cloud.tf
    cp "examples/policies/opa/cases/$versions" "$folder"
    run() { "$command" -chdir="$folder" "$@" >"$work/log" 2>&1; }
    run init || { cat "$work/log" >&2; exit 1; }
    read -r -a first <<<"$(header "$case" first)"
    ((${#first[@]} == 0)) || run "${first[@]}" || { cat "$work/log" >&2; exit 1; }
    [[ ! -d $folder/then ]] || cp "$folder"/then/*.tf "$folder"
    read -r -a plan <<<"$(header "$case" plan)"
    read -r -a output <<<"$(header "$case" output)"
    if ((${#output[@]} == 0)); then
      # A CLI also writes a plan that fails.
      run plan "${plan[@]}" -out=plan.tfplan || [[ -f $folder/plan.tfplan ]] || { cat "$work/log" >&2; exit 1; }
      output=(show -json plan.tfplan)
    fi
    "$command" -chdir="$folder" "${output[@]}" >"$fixtures/$cli/$name.json"
  done
done
