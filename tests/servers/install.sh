#!/usr/bin/env bash
# Installs what the tests against real servers need from the system's packages, as far as it can be had; what cannot is skipped by
# the tests, each with one clear line. Only for Debian-like systems, as root.
set -uo pipefail

say() { echo "tests/servers: $*"; }

if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
  say "no apt-get or not root: nothing was installed; tests that miss something say so"
  exit 0
fi

# The backports of the release that runs here, from the same place as the release itself.
backports() {
  local codename source
  codename="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")"
  source="$(grep -lsE "^Suites:.*\b${codename}\b" /etc/apt/sources.list.d/*.sources | head -n 1)"
  [ -n "$codename" ] || return 1
  if [ -n "$source" ]; then
    awk -v suite="${codename}" 'BEGIN { RS = ""; FS = "\n" } $0 ~ "Suites:.*(^|[ :])" suite "( |\n|$)" { print; exit }' "$source" |
      grep -v '^#' | sed -E "s/^Suites:.*/Suites: ${codename}-backports/" >/etc/apt/sources.list.d/callbox-backports.sources
  else
    grep -hsE "^deb [^#]* ${codename} " /etc/apt/sources.list /etc/apt/sources.list.d/*.list | head -n 1 |
      sed -E "s/ ${codename} / ${codename}-backports /" >/etc/apt/sources.list.d/callbox-backports.list
  fi
  timeout 300 apt-get update -qq
}

install() {
  DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

# What is installed for the tests is started by the tests alone, never by the system.
quiet=/usr/sbin/policy-rc.d
if [ ! -e "$quiet" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$quiet" && chmod 755 "$quiet"
  trap 'rm -f "$quiet"' EXIT
fi

updated=""
want() { # want COMMAND PACKAGE...
  local command="$1"
  shift
  command -v "$command" >/dev/null 2>&1 && return 0
  [ -n "$updated" ] || { timeout 300 apt-get update -qq; updated=yes; }
  install "$@" && return 0
  return 1
}

want strace strace || say "strace could not be installed: the crash enumerator is skipped"
want nginx nginx-light || say "nginx could not be installed: the portal behind its proxy is skipped"
want wrk wrk || say "wrk could not be installed: the portal behind its proxy and its bench are skipped"
want redis-server redis-server || say "redis-server could not be installed: the Bluesky AppView is skipped"
for server in exim4:exim4-daemon-light dovecot:dovecot-imapd; do
  [ -x "/usr/sbin/${server%:*}" ] && continue
  want "${server%:*}" "${server#*:}" || say "${server#*:} could not be installed: what needs a mail server is skipped"
done

if ! command -v snac >/dev/null 2>&1; then
  want snac snac2 || { backports && install snac2; } || say "snac2 could not be installed: its tests are skipped"
  command -v snac >/dev/null 2>&1 || say "snac is not here: its tests are skipped"
fi
exit 0
