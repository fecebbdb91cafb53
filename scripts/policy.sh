#!/usr/bin/env bash
# Tests the OPA policies: their unit tests, the fixtures, and one run from a plan to
# conftest for a customer who passes and one who is denied.
#
#   TF=terraform CONFTEST=conftest scripts/policy.sh
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
policy=$root/examples/policies/opa/policy

# judge PLAN CASE fails unless conftest says of the plan what the head of the case's
# main.tf says that it must.
judge() {
  local plan=$1 expected=$2/main.tf exit=0 out
  out=$("$CONFTEST" test --no-color --policy "$policy" "$plan" 2>&1) || exit=$?
  local want=0
  ! grep -q '^# deny: ' "$expected" || want=1
  local missing=0
  while read -r kind text; do
    grep -qF -- "$kind - $plan - main - $text" <<<"$out" || { echo "$plan: nothing says: $kind $text" >&2; missing=1; }
  done < <(sed -n 's/^# deny: /FAIL /p; s/^# warn: /WARN /p' "$expected")
  local failures wanted
  failures=$(grep -c '^FAIL' <<<"$out" || true)
  wanted=$(grep -c '^# deny: ' "$expected" || true)
  if ((exit != want || failures != wanted || missing)); then
    echo "$plan: conftest exits $exit with $failures failures, want $want with $wanted:" >&2
    echo "$out" >&2
    return 1
  fi
}

# It runs itself again, under the simulated API.
if [[ ${1:-} != simulated ]]; then
  "$CONFTEST" verify --no-color --policy "$policy"
  count=0
  for case in examples/policies/opa/cases/*/; do
    for cli in terraform tofu; do
      judge "examples/policies/opa/fixtures/$cli/$(basename "$case").json" "${case%/}"
      count=$((count + 1))
    done
  done
  if ((count != $(find examples/policies/opa/fixtures -name '*.json' | wc -l))); then
    echo "there are fixtures without a case" >&2
    exit 1
  fi
  echo "policies: $(find "$policy" -name '*.rego' ! -name '*_test.rego' | wc -l), with $(grep -hcE '^(deny|warn) contains' "$policy/billing.rego") rules; fixtures: $count, as they should be"
  exec scripts/simulated.sh -fleet 20 scripts/policy.sh simulated
fi

work=$(mktemp -d "$root/.tools/policy.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts/mirror.sh "$work"
export TF_CLI_CONFIG_FILE=$work/cli.tfrc TF_IN_AUTOMATION=1
for case in allowed denied-nested; do
  cp -R "examples/policies/opa/cases/$case" examples/policies/opa/cases/versions.tf "$work"
  mv "$work/versions.tf" "$work/$case"
  "$TF" -chdir="$work/$case" init -input=false >/dev/null
  "$TF" -chdir="$work/$case" plan -input=false -out=plan.tfplan >/dev/null
  "$TF" -chdir="$work/$case" show -json plan.tfplan >"$work/$case.json"
  judge "$work/$case.json" "examples/policies/opa/cases/$case"
  echo "from plan to conftest: $case, as it should be"
done
