# shellcheck shell=bash
# What runs the release build: the server, the simulator, the benches.

command_run() {
  local -x with_tests=OFF  # configure looks at it
  need run
  build_release_binary doorbuster
  say "Starting build/release/doorbuster run --crowd 600 --demo-shop --shoppers 200 $*"
  exec build/release/doorbuster run --crowd 600 --demo-shop --shoppers 200 "$@"
}

command_sim() {
  need run build
  local simulator=doorbuster_sim
  if [ "${1:-}" = recs ]; then
    simulator=doorbuster_recs_sim
    shift
  fi
  build_release_binary "$simulator"
  step "Simulating" "build/release/$simulator" "$@"
}

build_release_binary() {
  if ! has_target release "$1"; then
    build release
    die "everything in this tree is built, but the tree has no target '$1' to run"
  fi
  build release "$1"
}

# ./dev bench [NAME] [--rounds N] measures the whole beside its peers (bench/); ./dev bench parts [NAME] runs the small
# benches of single parts (x_bench.cc beside the code).
command_bench() {
  need run build bench
  if [ "${1:-}" = parts ]; then
    build release
    bench_parts "${2:-}"
  else
    build release doorbuster doorbuster_null bench_tools
    step "Measuring beside our peers" python3 bench/main.py "$@"
  fi
}

bench_parts() {
  local name=$1 bench found=0
  while read -r bench; do
    found=1
    step "Measuring $(basename "$bench")" "$bench" --benchmark_min_time=0.2
  done < <(find build/release -type f -name "*${name}*_bench" -perm -u+x | sort)
  [ "$found" -eq 1 ] || die "no part of this tree has a bench with '$name' in its name"
}
