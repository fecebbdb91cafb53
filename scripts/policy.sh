#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Runs the OPA policies from a plan to conftest, for a customer that passes and for one
# that is denied, and runs their unit tests with conftest.
#
#   TF=terraform CONFTEST=conftest scripts/policy.sh
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
policy=$root/examples/policies/opa/policy

# The script runs itself again, under the simulated API.
if [[ ${1:-} != simulated ]]; then
  "$CONFTEST" verify --no-color --policy "$policy"
  exec scripts/simulated.sh -fleet 20 scripts/policy.sh simulated
fi

work=$(mktemp -d "$root/.tools/policy.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts/mirror.sh "$work"
export TF_CLI_CONFIG_FILE=$work/cli.tfrc TF_IN_AUTOMATION=1
for case in allowed denied-nested; do
  cp -R "examples/policies/opa/cases/$case" "$work"
  cp examples/policies/opa/cases/versions.tf "$work/$case"
  "$TF" -chdir="$work/$case" init -input=false >/dev/null
  "$TF" -chdir="$work/$case" plan -input=false -out=plan.tfplan >/dev/null
  "$TF" -chdir="$work/$case" show -json plan.tfplan >"$work/$case.json"
  exit=0 want=0
  ! grep -q '^# deny: ' "$work/$case/main.tf" || want=1
  "$CONFTEST" test --no-color --policy "$policy" "$work/$case.json" || exit=$?
  if ((exit != want)); then
    echo "conftest exits $exit for $case, want $want" >&2
    exit 1
  fi
  echo "from plan to conftest: $case, as expected"
done
