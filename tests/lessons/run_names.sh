#!/usr/bin/env bash
# lessons/run finds each lesson by its name, the first without one, and refuses what is none.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
passed=0
failed=0

# expect STATUS TEXT ARGUMENT...: what lessons/run gives for the arguments.
expect() {
  local status=0 said
  said=$("$root/lessons/run" "${@:3}" 2>&1) || status=$?
  if [[ $status == "$1" && $said == *"$2"* ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'lessons/run %s: status %s instead of %s, and said:\n%s\n' "${*:3}" "$status" "$1" "$said"
  fi
}

expect 0 "lessons/run [NAME]" --help
expect 0 "" --lang ko
for folder in "$root"/lessons/*/main.cpp; do
  name=$(basename -- "$(dirname -- "$folder")")
  expect 0 "lesson_${name#*_}" "${name#*_}" --help
  expect 0 "" "${name#*_}" --lang ko
done
expect 2 "There is no lesson 'batch'. There are:" batch

printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
