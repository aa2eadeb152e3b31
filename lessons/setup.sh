# shellcheck shell=bash
# What lessons/run and tests/run share: packages, configuring, building. To be sourced.
# Words go to standard error; standard output belongs to the lesson.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

note() { printf '%s\n' "$*" >&2; }

die() {
  note "$*"
  exit 1
}

# ---- packages ------------------------------------------------------------------------------------

# packages_in FILE...: the names in package lists, one a line.
packages_in() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' -- "$@"; }

# missing_packages NAME...: those that are neither installed nor provided by what is, one a line.
missing_packages() {
  dpkg-query -W -f '${db:Status-Abbrev},${Package},${Provides}\n' 2>/dev/null |
    awk -F ',' -v wanted="$*" '
      $1 ~ /^[ih]i/ {
        for (i = 2; i <= NF; i++) {
          gsub(/^ +| *[(].*/, "", $i)
          installed[$i] = 1
        }
      }
      END {
        count = split(wanted, names, " ")
        for (i = 1; i <= count; i++) if (!(names[i] in installed)) print names[i]
      }' || true
}

# as_root COMMAND...: runs it as root, with sudo's help if need be.
as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo -- "$@"
  fi
}

# install_packages FILE...: what is missing of the packages in these lists. No root, no network and
# no time when nothing is.
install_packages() {
  local names missing log status=0
  mapfile -t names < <(packages_in "$@")
  command -v dpkg-query >/dev/null ||
    die "This script installs Debian packages, and this is no Debian. Needed: ${names[*]}"
  mapfile -t missing < <(missing_packages "${names[@]}")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die "Missing packages, and neither root nor sudo to install them. As root: apt-get install" \
      "--no-install-recommends ${missing[*]}"
  fi
  note "Installing packages: ${missing[*]}"
  log=$(mktemp)
  apt_install "${missing[@]}" >"$log" 2>&1 || status=$?
  ((status == 0)) || cat -- "$log" >&2
  rm -f -- "$log"
  ((status == 0)) || die "Installing failed; apt's words stand above."
}

# Whether a list of packages that cannot be fetched matters, the installation shows.
apt_install() {
  as_root apt-get -o DPkg::Lock::Timeout=300 update || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y \
    --no-install-recommends "$@"
}

# ---- build ---------------------------------------------------------------------------------------

# job_count: how many compilers run at once; each may take 1.5 GB.
job_count() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo 2>/dev/null)
  memory=${memory:-1}
  ((memory >= 1)) || memory=1
  echo $((cores < memory ? cores : memory))
}

# configure PRESET: once, and again when the presets change, the folder has moved, or libraries may
# have been added (always_configure=1). CMake itself sees to changes of CMakeLists.txt and new files.
configure() {
  local dir=$root/build/$1 fresh=()
  if [[ -f $dir/CMakeCache.txt ]] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$dir/CMakeCache.txt"; then
    fresh=(--fresh)
  elif [[ -z ${always_configure:-} && $dir/build.ninja -nt $root/CMakePresets.json ]]; then
    return 0
  fi
  (cd -- "$root" && cmake --preset "$1" "${fresh[@]}")
}

# progress WHAT: shows ninja's "[12/80]" while it reads ninja's output ("Re-running CMake..." and the
# like left out); says nothing when there is nothing to build.
progress() {
  local line shown=0
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (..) && ${BASH_REMATCH[3]} != Re ]] || continue
    if [[ -t 2 ]]; then
      printf '\r%s: %s of %s ' "$1" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" >&2
    elif ((shown == 0)); then
      note "$1 (${BASH_REMATCH[2]} steps)"
    fi
    shown=1
  done
  if ((shown)) && [[ -t 2 ]]; then
    printf '\r\033[K' >&2
  fi
}

# build PRESET WHAT [TARGET...]: quietly; the whole log when it fails. One build at a time.
build() {
  local preset=$1 what=$2 log=$root/build/$1.log status=0
  shift 2
  mkdir -p -- "$root/build"
  {
    flock 9
    configure "$preset" >"$log" 2>&1 || status=$?
    if ((status == 0)); then
      ninja_build "$preset" "$@" 2>&1 | tee -a -- "$log" | progress "$what" || status=$?
    fi
  } 9>"$root/build/.lock"
  if ((status != 0)); then
    cat -- "$log" >&2
    note "$what failed; the log above is build/$preset.log."
  fi
  return "$status"
}

ninja_build() {
  local preset=$1
  shift
  cmake --build "$root/build/$preset" --parallel "$(job_count)" ${1:+--target "$@"}
}
