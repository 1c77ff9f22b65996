# shellcheck shell=bash
# What every part of ./dev uses: messages, time taken, arguments.

say() { printf '== %s\n' "$*"; }

die() {
  printf './dev: %s\n' "$*" >&2
  exit 2
}

# step TEXT COMMAND...: says what is being done, does it, says how long it took. The command's status is passed on.
step() {
  local text=$1 start=$SECONDS status=0
  shift
  say "$text"
  "$@" || status=$?
  if [ "$status" -eq 0 ]; then
    say "$text: done in $((SECONDS - start)) s"
  else
    say "$text: FAILED after $((SECONDS - start)) s"
  fi
  return "$status"
}

# whole_number NAME TEXT: ends with a message unless TEXT is digits and nothing else.
whole_number() {
  [[ $2 =~ ^[0-9]{1,18}$ ]] || die "$1 must be a whole number, not '$2'"
}

# How many compilers at a time: one a core, but no more than one for each GiB of memory that is free.
jobs_at_once() {
  if [ -n "${DOORBUSTER_JOBS:-}" ]; then
    whole_number DOORBUSTER_JOBS "$DOORBUSTER_JOBS"
    echo "$DOORBUSTER_JOBS"
    return
  fi
  local cores free_gib
  cores=$(nproc)
  free_gib=$(awk '/^MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
  [ "$free_gib" -ge 1 ] || free_gib=1
  echo $((cores < free_gib ? cores : free_gib))
}
