#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Runs examples/quickstart with the provider of this checkout and a real CLI:
#
#   TF=terraform scripts/demo.sh
#
# If FUSEBILL_API_KEY and FUSEBILL_CUSTOMER_ID are set, it reads that customer from Fusebill.
# Otherwise it runs itself with the simulated API.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
tf=${TF:-terraform}

if [[ -z ${FUSEBILL_API_KEY:-} || -z ${FUSEBILL_CUSTOMER_ID:-} ]]; then
  FUSEBILL_CUSTOMER_ID=650084 FUSEBILL_DEMO_HELD_BACK=6 exec scripts/simulated.sh scripts/demo.sh
fi

mkdir -p .tools
work=$(mktemp -d "$root/.tools/demo.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts/mirror.sh "$work"
mkdir "$work/quickstart"
cp examples/quickstart/*.tf "$work/quickstart"
cd "$work/quickstart"
unset "${!TF_CLI_ARGS@}" TF_DATA_DIR TF_WORKSPACE TF_PLUGIN_CACHE_DIR
export TF_CLI_CONFIG_FILE=$work/cli.tfrc TF_IN_AUTOMATION=1

step() { printf '\n\033[1m── %s\033[0m\n' "$*"; }

step "init, with $("$tf" version | head -n 1) and the provider of this checkout"
"$tf" init -input=false
step "plan and apply for customer $FUSEBILL_CUSTOMER_ID"
"$tf" plan -input=false -out=plan.tfplan -var customer_id="$FUSEBILL_CUSTOMER_ID"
"$tf" apply -input=false plan.tfplan
step "result of the check in the state"
"$tf" show -json | sed -n 's/.*"to_display":"\(check\.[a-z_]*\)"},"status":"\([a-z]*\)".*/\1: \2/p' | tee check.txt

if [[ -n ${FUSEBILL_DEMO_HELD_BACK:-} ]]; then
  grep -q ': pass$' check.txt
  step "plan for customer $FUSEBILL_DEMO_HELD_BACK, which is not in good standing"
  if "$tf" plan -input=false -var customer_id="$FUSEBILL_DEMO_HELD_BACK" 2>&1 | tee held-back.txt; then
    echo "demo: the plan succeeded, want the precondition to stop it" >&2
    exit 1
  fi
  grep -q 'not active and in good' held-back.txt
  step "the precondition stopped the plan"
fi
