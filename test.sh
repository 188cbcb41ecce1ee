#!/usr/bin/env bash
# Builds, checks the format and runs every test. Ends with one line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
results="artifacts/test-results"

rm -rf "$results"

command -v dotnet >/dev/null || { echo "test.sh: the .NET 10 SDK is needed (no 'dotnet' on the PATH)"; exit 1; }

# One of passed, failed, total, over every test run so far.
sum() { grep -rho --include='*.trx' '<Counters [^>]*>' "$results" 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{n += $1} END {print n + 0}'; }

# A build or format that fails counts as one failed test.
fail() {
  echo "test.sh: $1"
  echo "$(sum passed) passed, $(($(sum failed) + 1)) failed, $(($(sum total) - $(sum passed) - $(sum failed))) skipped"
  exit 1
}

# Installs a Debian package where that is allowed.
install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1"; } >/dev/null 2>&1 || true
}

have_postgres() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

# kubectl is what the simulated cluster is tested with; without it those tests are skipped and say so.
command -v kubectl >/dev/null || install kubernetes-client
command -v kubectl >/dev/null || echo "test.sh: kubectl is missing (Debian: apt-get install kubernetes-client); the tests that use it are skipped"

status=0

# One engine: builds its projects, checks their format (of the files named after the second argument; of all without), runs their tests.
check() {
  local engine="$1" projects="$2"
  shift 2
  echo "building ($engine) ..."
  OrleansEngine="$engine" dotnet build "$projects" -c Release -v quiet -nologo || fail "the build of $engine failed"
  echo "checking the format ($engine) ..."
  OrleansEngine="$engine" dotnet format "$projects" --verify-no-changes --no-restore ${1:+--include "$@"} || fail "the format differs: run 'OrleansEngine=$engine dotnet format $projects'"
  echo "testing ($engine) ..."
  OrleansEngine="$engine" dotnet test "$projects" -c Release --no-build -v quiet -nologo --results-directory "$results/$engine" --logger trx --logger "console;verbosity=minimal" || status=1
}

check Embedded ControlPlane.sln

# Cluster (Microsoft Orleans) is built and tested where everything it needs restores from the machine's own package sources.
if restore=$(OrleansEngine=Cluster dotnet restore ControlPlane.Cluster.slnf -v quiet -nologo 2>&1); then
  # Its silos run as processes on a real PostgreSQL; without one those tests are skipped and say so.
  have_postgres || install postgresql
  have_postgres || echo "test.sh: PostgreSQL is missing (Debian: apt-get install postgresql); the tests that use it are skipped"
  # The files that both engines share were checked above.
  mapfile -t own < <(find . -path ./artifacts -prune -o \( -name '*.Cluster.cs' -o -path './tests/ControlPlane.Cluster.Tests/*.cs' \) -print)
  check Cluster ControlPlane.Cluster.slnf "${own[@]}"
else
  missing=$(echo "$restore" | grep -o 'Unable to find package [A-Za-z0-9.]*[A-Za-z0-9]' | sed 's/.* //' | sort -u | head -n 3 | paste -sd ' ')
  echo "Cluster (Microsoft Orleans): skipped, its packages do not restore from this machine's sources (${missing:-run 'OrleansEngine=Cluster dotnet restore ControlPlane.Cluster.slnf' to see why})"
fi

passed=$(sum passed)
failed=$(sum failed)
total=$(sum total)
[ "$passed" -gt 0 ] || status=1
echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
exit "$status"
