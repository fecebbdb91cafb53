#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0

# Checks the text of files with Vale, by the rules in .vale/styles/Fusebill. In files that are
# not Markdown, it checks comments and strings, since it reads them as text.
#
#   VALE=vale scripts/prose.sh PATTERN...
#
# The patterns are those of git ls-files.
set -euo pipefail
cd "$(dirname "$0")/.."
git rev-parse HEAD >/dev/null # Without a repository, git ls-files below would list no file.
root=$PWD
mkdir -p .tools
work=$(mktemp -d "$root/.tools/prose.XXXXXX")
trap 'rm -rf "$work"' EXIT

while IFS= read -r -d '' file; do
  [[ -f $file ]] || continue
  mkdir -p "$work/$(dirname "$file")"
  case $file in
    *.md | *.md.tmpl) cp "$file" "$work/$file" ;;
    *) cp "$file" "$work/$file.txt" ;;
  esac
done < <(git ls-files -z --cached --others --exclude-standard -- "$@")

cd "$work"
if ! "$VALE" --config="$root/.vale.ini" --output=line . >"$work.log"; then
  sed 's/\.txt:/:/' "$work.log"
  rm -f "$work.log"
  echo "prose: refer to STYLE.md" >&2
  exit 1
fi
rm -f "$work.log"
