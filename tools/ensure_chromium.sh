#!/bin/sh
# The tests open the built pages in a real browser; Debian's Chromium serves.
set -eu
if command -v chromium >/dev/null 2>&1; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "No 'chromium' on PATH and no apt-get to install it with: install Chromium and run again." >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "No 'chromium' on PATH; as root, run: apt-get update && apt-get install -y chromium" >&2
        exit 1
    fi
    as_root=sudo
fi
echo "Installing Chromium ..."
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
command -v chromium >/dev/null 2>&1 || { echo "Chromium was installed, but is not on PATH." >&2; exit 1; }
