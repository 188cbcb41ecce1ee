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

# kubectl is what the simulated cluster is tested with; without it those tests are skipped and say so.
if ! command -v kubectl >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update && apt-get install -y --no-install-recommends kubernetes-client; } >/dev/null 2>&1 || true
  fi
  command -v kubectl >/dev/null || echo "test.sh: kubectl is missing (Debian: apt-get install kubernetes-client); the tests that use it are skipped"
fi

status=0

# One engine: builds its projects, checks their format, runs their tests.
check() {
  local engine="$1" projects="$2"
  echo "building ($engine) ..."
  OrleansEngine="$engine" dotnet build "$projects" -c Release -v quiet -nologo || fail "the build of $engine failed"
  echo "checking the format ($engine) ..."
  OrleansEngine="$engine" dotnet format "$projects" --verify-no-changes --no-restore || fail "the format differs: run 'OrleansEngine=$engine dotnet format $projects'"
  echo "testing ($engine) ..."
  OrleansEngine="$engine" dotnet test "$projects" -c Release --no-build -v quiet -nologo --results-directory "$results/$engine" --logger trx --logger "console;verbosity=minimal" || status=1
}

check Embedded ControlPlane.sln

# The Cluster engine is not complete yet, so it does not decide here.
echo "Cluster (Microsoft Orleans): skipped, not complete yet; 'OrleansEngine=Cluster dotnet test ControlPlane.Cluster.slnf -c Release' runs what stands where its packages restore"

passed=$(sum passed)
failed=$(sum failed)
total=$(sum total)
[ "$passed" -gt 0 ] || status=1
echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
exit "$status"
