#!/usr/bin/env bash
# A first day with taskorch, from an empty store to a hand-over that needs no memory.
#
# Run it:  bash examples/first_day.sh
# It works in a temporary folder of its own and removes it at the end.  It needs git and taskorch.
set -eu

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"

# Your own git settings play no part here.
export GIT_CONFIG_GLOBAL=/dev/null

# Show each command before it runs, as you would type it.
run() {
  printf '\n$'
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./:=-]*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  echo
  "$@" 2>&1
}

# Scripts read the ids of records from --json.
id_of() { python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])'; }

# --- A repository as you may have one: some code, one commit. ---
git init --quiet -b main weather
cd weather
git config user.name 'Ann Example'
git config user.email ann@example.org
mkdir src
printf 'def celsius(kelvin):\n    return kelvin - 273\n' >src/convert.py
git add .
git commit --quiet -m 'Convert temperatures'

# --- Once for each repository: make the store.  It is a folder of text files, committed like code. ---
run taskorch init
git add .orchestrator
git commit --quiet -m 'taskorch: init'

# --- Plan.  A task can say when it is done, and wait for others. ---
task=$(taskorch task new 'Convert exactly' --accept '0 K is -273.15 degrees' --json | id_of)
after=$(taskorch task new 'Add Fahrenheit' --depends-on "$task" --json | id_of)
run taskorch task list
# Only what nothing holds up is ready; the other task waits.
run taskorch task ready

# --- Work.  From here on, what changes is noticed; there is nothing to call for each file. ---
git switch --quiet -c exact
run taskorch task start "$task"
printf 'def celsius(kelvin: float) -> float:\n    return round(kelvin - 273.15, 2)\n' >src/convert.py
mkdir tests
printf 'from src.convert import celsius\n\ndef test_zero():\n    assert celsius(0) == -273.15\n' >tests/test_convert.py

# Why it is as it is: a decision, with its reason and the file it governs.
decision=$(taskorch decision new 'Round to two places' --context 'Floats print 0.1 as 0.10000000000000009' \
  --decision 'round(x, 2)' --rationale 'The sensors measure to 0.05 K.' \
  --file src/convert.py --task "$task" --json | id_of)
run taskorch decision accept "$decision"

# --- Complete.  It is refused as long as something is missing, and says what. ---
if run taskorch task complete "$task" --results 'Exact to 0.01 K.'; then
  echo 'an open criterion was overlooked'
  exit 1
fi
run taskorch task check "$task" 1
run taskorch task complete "$task" --results 'Exact to 0.01 K, tested at 0 K.'

# --- Commit: the code as always, the records with taskorch commit (records only, never code). ---
git add src tests
git commit --quiet -m 'Convert exactly'
run taskorch commit
run taskorch status

# --- Verify: by content, in HEAD, index and work tree. ---
run taskorch verify --task "$task"

# --- The branch is squash-merged and deleted.  The claims hold all the same: they name content. ---
git switch --quiet main
git merge --quiet --squash exact >/dev/null
git commit --quiet -m 'Convert exactly (#1)'
git branch --quiet -D exact
run taskorch verify --task "$task" --target main

# --- Some day later, in a fresh clone, on another machine: what was done, why, and what is next? ---
cd ..
git clone --quiet weather later
cd later
run taskorch recover "$task"
run taskorch task ready

echo
echo "Done.  The next task is $after, and everything above was read from files in the clone."
