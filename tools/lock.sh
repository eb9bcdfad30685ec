#!/bin/sh
# Renew requirements.lock and ui/package-lock.json (maintainers only: everybody else just installs them).
# uv is fetched into a throw-away environment; npm must be 11 or newer (10 drops entries of other platforms).
#   tools/lock.sh             keep the versions that still fit
#   tools/lock.sh --upgrade   take the newest ones
set -eu
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch"
"$scratch/bin/python" -m pip install --quiet uv
# uv.lock would name the package index in every line; this format does not.
"$scratch/bin/uv" pip compile pyproject.toml --extra dev --python-version 3.11 --universal \
    --generate-hashes --no-header --quiet --output-file requirements.lock "$@"

# ui/.npmrc leaves the registry out of the lock. Removing node_modules first keeps every platform's binaries in.
rm -rf ui/node_modules
(cd ui && npm install --package-lock-only --ignore-scripts --no-audit --no-fund)
