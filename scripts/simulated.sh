#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Runs a command with the environment variables of a simulated API, which replace
# those of the environment. Without a command, serves the API until interrupted.
#
#   scripts/simulated.sh [flags of fusebillsim] [command [argument ...]]
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools
go build -o .tools/fusebillsim ./cmd/fusebillsim
unset FUSEBILL_API_KEY FUSEBILL_BASE_URL FUSEBILL_ENVIRONMENT
unset FUSEBILL_CA_CERT_PEM FUSEBILL_CLIENT_CERT_PEM FUSEBILL_CLIENT_KEY_PEM
exec .tools/fusebillsim "$@"
