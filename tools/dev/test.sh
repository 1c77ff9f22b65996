# shellcheck shell=bash
# Tests, fuzzers and the checks of the source.

command_test() {
  [ $# -le 1 ] || die "give one filter, a regular expression over test names; quote it if it holds spaces"
  need run build test
  build debug
  run_tests debug "${1:-.}"
}

# run_tests PRESET FILTER [CTEST ARGUMENTS]: ends with one plain line, "N passed, N failed".
# One more at a time than there are cores: many wait for clocks.
run_tests() {
  local preset=$1 filter=$2 report status=0
  shift 2
  report=$PWD/build/$preset/test-report.xml
  rm -f "$report"
  step "Testing $preset" ctest --preset "$preset" -j "$(($(nproc) + 1))" -R "$filter" "$@" \
    --no-tests=error --output-junit "$report" || status=$?
  if ! grep -qs '<testcase' "$report"; then
    die "no test has a name that matches '$filter'; 'ctest --preset $preset -N' lists the names"
  fi
  count_tests "$report"
  return "$status"
}

count_tests() {
  awk -F '"' '/^\t?(tests|failures|disabled|skipped)="[0-9]+"/ { gsub(/[ \t=]/, "", $1); n[$1] = $2 }
       END {
         aside = n["skipped"] + n["disabled"]
         if (aside > 0) printf "%d skipped or disabled\n", aside
         printf "%d passed, %d failed\n", n["tests"] - n["failures"] - aside, n["failures"]
       }' "$1"
}

command_fuzz() {
  local seconds=${1:-60}
  whole_number SECONDS "$seconds"
  need run build test
  build fuzz fuzzers
  step "Fuzzing for $seconds s a fuzzer" run_fuzzers "$seconds"
}

# Each fuzzer starts from the corpus in the tree; what it learns is kept in build/fuzz/learned, what breaks it in
# build/fuzz/found.
run_fuzzers() {
  local seconds=$1 name binary corpus failed=0
  mkdir -p build/fuzz/found
  while read -r name binary corpus; do
    mkdir -p "build/fuzz/learned/$name"
    run_fuzzer "$name" "$binary" -max_total_time="$seconds" "build/fuzz/learned/$name" "$corpus" || failed=1
  done <build/fuzz/fuzzers.txt
  return "$failed"
}

run_fuzzer() {
  local name=$1 binary=$2 log=build/fuzz/found/$1.log
  shift 2
  if "$binary" -artifact_prefix="build/fuzz/found/$name-" -print_final_stats=1 "$@" >"$log" 2>&1; then
    printf '   %-36s %12s inputs tried\n' "$name" "$(awk '/number_of_executed_units/ {print $2}' "$log")"
  else
    tail -n 40 "$log"
    say "$name broke; the input is in build/fuzz/found/; replay it with: $binary FILE"
    return 1
  fi
}

command_tidy() {
  local mode=${1:-check} files
  need run build test
  configure debug
  mapfile -t files < <(cxx_files)
  case $mode in
    check) step "Checking the formatting" clang-format-19 --dry-run --Werror "${files[@]}" ;;
    fix) step "Formatting" clang-format-19 -i "${files[@]}" ;;
    *) die "'$mode' is not known; ./dev tidy checks, ./dev tidy fix also formats" ;;
  esac
  step "Running clang-tidy" run-clang-tidy-19 -quiet -p build/debug -j "$(jobs_at_once)" \
    "^$PWD/(src|tests|bench)/.*\\.cc$"
}

cxx_files() {
  local folder
  for folder in src tests bench; do
    [ ! -d "$folder" ] || find "$folder" -name '*.h' -o -name '*.cc'
  done
}
