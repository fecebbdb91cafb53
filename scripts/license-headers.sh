#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Adds the SPDX header to the source files that lack it, or lists them and fails.
#
#   ADDLICENSE=addlicense scripts/license-headers.sh
#   scripts/license-headers.sh -check
#
# Examples have no header: the documentation shows them, and users copy them.
set -euo pipefail
cd "$(dirname "$0")/.."
git rev-parse HEAD >/dev/null # Without a repository, git ls-files below would list no file.

# missing sets files to those without the header in the first two lines, since the first can
# be a shebang.
missing() {
  files=()
  local file
  while IFS= read -r -d '' file; do
    if [[ -e $file ]] && ! head -n 2 "$file" | grep -qE '^(//|#) SPDX-License-Identifier: MPL-2\.0$'; then
      files+=("$file")
    fi
  done < <(git ls-files -z --cached --others --exclude-standard -- '*.go' '*.sh' '*.yml' '*.yaml' ':!examples')
}

missing
if [[ ${1:-} != -check && ${#files[@]} -gt 0 ]]; then
  "$ADDLICENSE" -c '' -y '' -l mpl -s=only "${files[@]}"
  missing
fi
if ((${#files[@]} > 0)); then
  printf '%s: has no SPDX header\n' "${files[@]}" >&2
  echo "license-headers: run make license-headers" >&2
  exit 1
fi
