#!/usr/bin/env bash
# Fails for each link, in the docs and at the top of the repository, that names a file
# or a folder of this checkout that is not there. Links to other sites are not followed.
set -euo pipefail
cd "$(dirname "$0")/.."
status=0
repository=https://github.com/fusebill/terraform-provider-fusebill
while IFS=: read -r file link; do
  target=${link%%#*}
  case $link in
  "$repository"/tree/main/* | "$repository"/blob/main/*) path=${target#"$repository"/*/main/} ;;
  http://* | https://* | mailto:*) continue ;;
  '#'*) path=$file ;;
  *) path=$(dirname "$file")/$target ;;
  esac
  if [[ ! -e $path ]]; then
    echo "$file: $link leads nowhere" >&2
    status=1
  fi
  fragment=${link#*#}
  if [[ $link == *'#'* && -f $path ]] && ! grep -qiE "id=\"$fragment\"|^#+ $(sed 's/-/[^a-z0-9]+/g' <<<"$fragment")[^a-z0-9]*\$" "$path"; then
    echo "$file: $link names a heading that is not there" >&2
    status=1
  fi
done < <(grep -roHE '\]\([^) ]+\)' docs ./*.md examples --include='*.md' | sed -E 's/:\]\((.*)\)$/:\1/')
exit $status
