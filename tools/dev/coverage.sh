# shellcheck shell=bash
# What the tests of the machine reach, and which of them catches each known bug.

# Branches of src/sale/machine that its own tests take. An assertion has no second branch that a test could take, and
# neither has an exception of an allocator.
command_coverage() {
  [ $# -eq 0 ] || die "coverage takes no arguments"
  need run build test
  build coverage sale_machine_test sale_machine_events_fuzz sale_machine_snapshot_fuzz
  find build/coverage/src/sale/machine -name '*.gcda' -delete
  step "Running the machine's tests" quietly build/coverage/tests.log \
    ctest --test-dir build/coverage -R '^sale_machine' -j "$(nproc)" --output-on-failure
  step "Counting branches" gcovr --root . --filter 'src/sale/machine/' --exclude '.*_(test|fuzz)\.cc' \
    --exclude '.*_test_.*\.h' --branches --exclude-throw-branches --exclude-unreachable-branches \
    --exclude-branches-by-pattern '.*\b(ASSERT|bug_planted)\(.*|.*= default;.*' --sort-uncovered \
    --fail-under-branch 100 build/coverage/src/sale/machine
}

command_zoo() {
  need run build test
  build_zoo
  step "Planting bugs" python3 -B tests/bug_zoo/run.py "$@"
}

build_zoo() {
  local targets=(sale_machine_test log_test cell_test platform_test auth_test sale_test)
  if has_target zoo doorbuster_sim; then targets+=(doorbuster_sim); fi
  build zoo "${targets[@]}"
}
