#!/bin/sh
# The tests open the built pages in a real browser and put them before the Nu HTML checker, which
# comes from npm and runs on Java: Debian's Chromium, npm and Java serve. What is there stays.
# Usage: ensure_tools.sh COMMAND...    of chromium, npm, java
set -eu
missing=
for command in "$@"; do
    # Playwright, which steers Chromium, brings a Node.js that is linked with libatomic.
    if command -v "$command" >/dev/null 2>&1; then
        [ "$command" = chromium ] && command -v dpkg-query >/dev/null 2>&1 || continue
        dpkg-query -W libatomic1 >/dev/null 2>&1 || missing="$missing libatomic1"
        continue
    fi
    case $command in
        chromium) missing="$missing chromium libatomic1" ;;
        java) missing="$missing default-jre-headless" ;;
        *) missing="$missing $command" ;;
    esac
done
if [ -z "$missing" ]; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Not on PATH, and no apt-get to install them with: install$missing and run again." >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "Missing; as root, run: apt-get update && apt-get install -y$missing" >&2
        exit 1
    fi
    as_root=sudo
fi
echo "Installing$missing ..."
$as_root apt-get update -qq
# shellcheck disable=SC2086 - a list of packages
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
for command in "$@"; do
    command -v "$command" >/dev/null 2>&1 || { echo "$command was installed, but is not on PATH." >&2; exit 1; }
done
