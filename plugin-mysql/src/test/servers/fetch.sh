#!/bin/bash
# Fetches servers that are too large, or too new, for the ordinary build, from Debian's packages into a folder; nothing is
# installed. Usage: eval "$(fetch.sh FOLDER)", then mvn verify. Linux on x86-64 with apt.
set -euo pipefail
T=$(realpath -m "${1:?a folder}")
fetch() { # name, suite, packages
  local D=$T/$1; [ -d "$D/root" ] && return 0
  mkdir -p "$D"/apt/{lists/partial,archives/partial,etc/sources.list.d}; : > "$D/apt/status"
  awk '/^Types/{n++} n==1' /etc/apt/sources.list.d/debian.sources | sed "s/^Suites:.*/Suites: $2/;s/^Components:.*/Components: main/" \
    > "$D/apt/etc/sources.list.d/one.sources"
  local A=(-qq -o Dir::State="$D/apt" -o Dir::State::lists="$D/apt/lists" -o Dir::State::status="$D/apt/status" -o Dir::Cache="$D/apt"
    -o Dir::Etc="$D/apt/etc" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$D/apt/etc/sources.list.d"
    -o APT::Sandbox::User=root)
  { apt-get "${A[@]}" update && apt-get "${A[@]}" -y --no-install-recommends --download-only install "${@:3}"; } >&2
  mkdir "$D/part" # The packages bring their own libc and loader, so they run on other distributions too.
  for deb in "$D"/apt/archives/*.deb; do case ${deb##*/} in perl*|libperl*) ;; *) dpkg -x "$deb" "$D/part";; esac; done
  mv "$D/part" "$D/root"; rm -r "$D/apt"
}
fetch mysql9 sid mysql-server-core
fetch mariadb trixie "mariadb-server-core" "mariadb-server"
echo "export KEYTURN_MYSQLD9=$T/mysql9/root/usr/sbin/mysqld KEYTURN_MARIADBD=$T/mariadb/root/usr/sbin/mariadbd"
