#!/usr/bin/env bash
# Runs a command under the simulated API, whatever else the environment points at; or
# serves it, where there is no command.
#
#   scripts/simulated.sh [fusebillsim's flags] [command [argument ...]]
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools
go build -o .tools/fusebillsim ./cmd/fusebillsim
unset FUSEBILL_API_KEY FUSEBILL_BASE_URL FUSEBILL_ENVIRONMENT
exec .tools/fusebillsim "$@"
