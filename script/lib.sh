# What the scripts share: the workspace as working folder, plain messages, steps with a duration.
# Sourced, never run.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# rustup puts cargo where a fresh shell does not look yet.
have cargo || export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

# Browsers come from the system; npm packages would otherwise download their own.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1
