#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Writes the policy for Spacelift, which takes one file and one package.
#
#   scripts/policy-spacelift.sh
set -euo pipefail
cd "$(dirname "$0")/../examples/policies/opa"
{
  echo '# The policy in one file, for Spacelift. Written by make generate: do not edit.'
  echo
  echo 'package spacelift'
  for file in billing customers resources plan settings; do
    echo
    sed '/^package main$/,+1d' "policy/$file.rego"
  done
} >platforms/spacelift/fusebill.rego
