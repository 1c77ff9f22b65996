# shellcheck shell=bash
# Configure and compile one preset.

command_build() {
  local preset=${1:-debug}
  case $preset in
    debug | release | tsan | fuzz | coverage | zoo) ;;
    *) die "'$preset' is not a preset; choose debug, release, tsan, fuzz, coverage or zoo" ;;
  esac
  need_for "$preset"
  build "$preset"
}

# Every build but that of ./dev run is configured with its tests, so GoogleTest and the like are needed by all of them.
need_for() {
  case $1 in
    tsan | fuzz) need run build test ;;
    *) need run build ;;
  esac
}

# build PRESET [TARGET...]: all of it without a target.
build() {
  local preset=$1
  shift
  configure "$preset"
  step "Building $preset${*:+ ($*)}" compile "$preset" "$@"
}

# With the tests, unless the caller has set with_tests=OFF and nobody has configured them here before: what is compiled
# for the server is the same.
configure() {
  local preset=$1 tests=${with_tests:-ON}
  if [ "build/$preset/build.ninja" -nt CMakePresets.json ]; then
    [ "$tests" = OFF ] && return 0
    grep -qs '^DOORBUSTER_TESTS:BOOL=ON' "build/$preset/CMakeCache.txt" && return 0
  elif grep -qs '^DOORBUSTER_TESTS:BOOL=ON' "build/$preset/CMakeCache.txt"; then
    tests=ON
  fi
  local flags=("-DDOORBUSTER_TESTS=$tests" ${DOORBUSTER_UNITY:+"-DDOORBUSTER_UNITY=$DOORBUSTER_UNITY"})
  mkdir -p build
  step "Configuring $preset" quietly "build/configure-$preset.log" cmake --preset "$preset" "${flags[@]}"
}

compile() {
  local preset=$1 targets=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  NINJA_STATUS='   [%f of %t, %e s] ' cmake --build "build/$preset" -j "$(jobs_at_once)" "${targets[@]}"
}

# quietly LOG COMMAND...: its words are shown only if it fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || { cat "$log" && return 1; }
}

# has_target PRESET TARGET: whether this tree builds it.
has_target() {
  configure "$1"
  grep -qE "^build $2: (phony|CXX_EXECUTABLE_LINKER)" "build/$1/build.ninja"
}
