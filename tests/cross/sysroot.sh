#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# What Debian has of libraries for another architecture, unpacked into a folder
# to build against and to run under qemu; nothing is installed, no root needed.
#
#   tests/cross/sysroot.sh arm64 FOLDER
set -eu
arch=$1
mkdir -p "$2"
root=$(cd "$2" && pwd)
packages="libc6-dev libgcc-12-dev libglib2.0-dev libjson-glib-dev
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev liborc-0.4-dev check
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good"

[ ! -e "$root/complete" ] || exit 0

apt=$root/var/apt
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
: > "$apt/status"
echo "deb [arch=$arch signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
  "${DEBIAN_MIRROR:-http://deb.debian.org/debian} $codename main" \
  > "$apt/sources.list"
# Its own lists, of nothing but $arch; the system's apt is not touched.
get() {
  apt-get -q -o APT::Architecture="$arch" -o APT::Architectures="$arch" \
    -o Dir::State="$apt" -o Dir::State::status="$apt/status" \
    -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt" \
    -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- \
    -o Debug::NoLocking=1 "$@"
}
get update
get install -y -d --no-install-recommends $packages

mkdir -p "$root/usr/lib" "$root/usr/bin"
ln -sfn usr/lib "$root/lib"
ln -sfn usr/bin "$root/bin"
for deb in "$apt"/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$root"
done

# A link to /lib/... means the sysroot's.
find "$root" -type l -lname '/*' | while read -r link; do
  ln -sfn "$root$(readlink "$link")" "$link"
done
rm -rf "$apt"
touch "$root/complete"
