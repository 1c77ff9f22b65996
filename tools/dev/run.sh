# shellcheck shell=bash
# What runs the release build: the server, the simulator, the benches.

command_run() {
  need build
  build_release_binary doorbuster
  say "Starting build/release/doorbuster run $*"
  exec build/release/doorbuster run "$@"
}

command_sim() {
  need build
  build_release_binary doorbuster_sim
  step "Simulating" build/release/doorbuster_sim "$@"
}

build_release_binary() {
  if ! has_target release "$1"; then
    build release
    die "everything in this tree is built, but the tree has no target '$1' to run"
  fi
  build release "$1"
}

# The small benches of single parts (x_bench.cc beside the code), then bench/run, which measures the whole beside its
# peers.
command_bench() {
  local name=${1:-} bench found=0
  need build bench
  build release
  while read -r bench; do
    found=1
    step "Measuring $(basename "$bench")" "$bench" --benchmark_min_time=0.2
  done < <(find build/release -type f -name "*${name}*_bench" -perm -u+x | sort)
  if [ -x bench/run ]; then
    step "Measuring beside our peers" bench/run "$@"
  elif [ "$found" -eq 0 ]; then
    die "no bench of this tree has '$name' in its name"
  fi
}
