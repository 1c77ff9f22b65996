# shellcheck shell=bash
# All that continuous integration runs, the quick and talkative parts first.

readonly fuzz_seconds_in_ci=3
readonly sim_seeds_in_ci=200

# `./dev ci` runs everything; `./dev ci release` only what needs no further sanitizer build.
command_ci() {
  local part=${1:-all} start=$SECONDS
  need run build test
  case $part in
    all) ci_all ;;
    release) ci_release ;;
    *) die "'$part' is not a part of ./dev ci; it knows: all release" ;;
  esac
  say "CI: everything passed in $((SECONDS - start)) s"
}

ci_all() {
  step "Checking the style" python3 tests/style/run.py
  build debug
  run_tests debug .
  build tsan threaded_tests
  TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp halt_on_error=1" run_tests tsan . -L threads
  command_fuzz "$fuzz_seconds_in_ci"
  ci_release
}

# What is shipped: simulated for a while, and started as a newcomer would.
ci_release() {
  build release doorbuster doorbuster_sim
  if has_target release doorbuster_sim; then
    command_sim --seeds "$sim_seeds_in_ci"
    simulate_new_ground
  else
    say "Not simulated: this tree has no doorbuster_sim"
  fi
  if has_target release doorbuster; then
    step "Starting it where there is little memory" \
      python3 -B tests/settings/ends_test.py "$PWD/build/release/doorbuster" --in-little-space
    step "Starting ./dev run for a moment" smoke
  else
    say "Not started: this tree has no doorbuster"
  fi
}

# Worlds that no commit before has had: the commit says which, and so they can be had again.
simulate_new_ground() {
  local commit seed
  if ! commit=$(git rev-parse --verify --quiet HEAD 2>/dev/null); then
    say "No new worlds: this tree is not a clone, and a commit gives their seeds"
    return
  fi
  seed=$((1000000 + 16#${commit:0:10}))
  say "Commit ${commit:0:10} has seeds of its own: ./dev sim --seeds $sim_seeds_in_ci --seed $seed"
  command_sim --seeds "$sim_seeds_in_ci" --seed "$seed"
}

# Starts the demo on a free port and an empty folder, waits until it is ready, asks for its sales, and ends it politely.
smoke() {
  local folder address=127.0.0.1:18099 server status=0
  folder=$(mktemp -d)
  ./dev run --listen "$address" --data "$folder" >"$folder/output" 2>&1 &
  server=$!
  smoke_questions "$address" "$server" || status=$?
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" || status=$?
  [ "$status" -eq 0 ] || cat "$folder/output"
  rm -rf "$folder"
  return "$status"
}

smoke_questions() {
  local address=$1 server=$2 tries
  for ((tries = 0; tries < 300; ++tries)); do
    kill -0 "$server" 2>/dev/null || return 1
    curl --silent --fail --output /dev/null "http://$address/readyz" && break
    sleep 0.1
  done
  curl --silent --show-error --fail "http://$address/api/v1/sales" | grep -q '"units"'
}
