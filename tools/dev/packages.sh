# shellcheck shell=bash
# Installs what packages.txt lists for the groups that a command needs, and only what is missing.

readonly package_log=build/dev/apt.log

# packages_of GROUP...: the names, one a line.
packages_of() {
  local wanted name groups
  while read -r name _ groups _; do
    [[ $name == '' || $name == '#'* ]] && continue
    for wanted in "$@"; do
      [[ ,${groups%:}, == *",$wanted,"* ]] && echo "$name"
    done
  done <packages.txt
  return 0
}

# A program of a package's name counts too, however it came: npm, for one, comes with every nodejs but Debian's own, and
# the two npms refuse to stand side by side.
missing_of() {
  local installed name
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
  comm -23 <(packages_of "$@" | sort -u) <(sort -u <<<"$installed") | while read -r name; do
    command -v "$name" >/dev/null || echo "$name"
  done
}

# need GROUP...: afterwards every package of the groups is installed, or the process has ended with advice.
need() {
  [ -z "${DOORBUSTER_SKIP_PACKAGES:-}" ] || return 0
  command -v apt-get >/dev/null || die "this is not a Debian system. Install what packages.txt lists by your system's" \
    "own means, then set DOORBUSTER_SKIP_PACKAGES=1"
  local missing
  mapfile -t missing < <(missing_of "$@")
  [ ${#missing[@]} -eq 0 ] && return 0
  find_root "${missing[@]}"
  mkdir -p "$(dirname "$package_log")"
  step "Installing ${#missing[@]} Debian packages: ${missing[*]}" install_packages "${missing[@]}" ||
    die "apt-get failed; its last words are above, all of them in $package_log"
}

# Sets as_root to what turns a command into root's.
find_root() {
  if [ "$(id -u)" -eq 0 ]; then
    as_root=(env)
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=(sudo)
  else
    printf './dev: these Debian packages are missing, and this user may not install them. As root, type:\n\n' >&2
    printf '  apt-get update && apt-get install --no-install-recommends %s\n\n' "$*" >&2
    exit 2
  fi
}

install_packages() {
  local status=0
  known_to_apt "$@" || update_lists || return
  keep_services_stopped
  apt_with_progress "$@" || { update_lists && apt_with_progress "$@"; } || status=$?
  allow_services "$@"
  [ "$status" -eq 0 ] || tail -n 15 "$package_log"
  return "$status"
}

# False on a fresh machine, whose lists of packages are empty.
known_to_apt() {
  local known
  known=$(apt-cache policy "$@" 2>/dev/null | grep -c 'Candidate: [^(]')
  [ "$known" -eq $# ]
}

update_lists() {
  say "Fetching the lists of packages"
  "${as_root[@]}" apt-get update >>"$package_log" 2>&1 || { tail -n 15 "$package_log"; return 1; }
}

# One line for every tenth of the way; all the words go to the log.
apt_with_progress() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0 "$@" 3> >(print_progress) >>"$package_log" 2>&1
}

print_progress() {
  awk -F: '$1 == "dlstatus" || $1 == "pmstatus" {
    tenth = int($3 / 10)
    if ($1 == phase && tenth == seen) next
    phase = $1; seen = tenth
    printf "   %s %3d %%  %s\n", phase == "dlstatus" ? "download" : "install ", $3, $4
    fflush()
  }'
}

# A measured peer (nginx, redis-server) is wanted as a program, not as a service that stays: while installing, the
# policy says no to starting any, and afterwards what came new is not left enabled for the next boot. A policy that
# is there already is never touched.
keep_services_stopped() {
  [ -e /usr/sbin/policy-rc.d ] && return 0
  printf '#!/bin/sh\n# doorbuster ./dev: removed when its installation ends\nexit 101\n' |
    "${as_root[@]}" sh -c 'cat >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d'
  trap remove_own_policy EXIT
}

allow_services() {
  remove_own_policy
  command -v systemctl >/dev/null || return 0
  local unit
  while read -r unit; do
    "${as_root[@]}" systemctl disable "$unit" >>"$package_log" 2>&1 || true
  done < <(dpkg -L "$@" 2>/dev/null | sed -n 's|.*/systemd/system/\([^/@]*\.service\)$|\1|p' | sort -u)
}

remove_own_policy() {
  grep -qs 'doorbuster ./dev' /usr/sbin/policy-rc.d || return 0
  "${as_root[@]}" rm -f /usr/sbin/policy-rc.d
}
