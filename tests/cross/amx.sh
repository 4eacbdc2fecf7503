#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Runs unit tests with the instructions of Intel's AMX on a processor that has
# none: in Bochs, which emulates one that does, under a Linux kernel.  Ten
# minutes.
#
#   tests/cross/amx.sh [test ...]       on Debian 13, as root
#
# As it was last seen: kernels-bf16-split, layer-conv1d-bf16, session-storage
# and golden pass.
#
# Needs bochs bochs-term bochsbios vgabios isolinux syslinux-common xorriso
# busybox-static cpio kmod make gcc, and linux-image-cloud-amd64 with
# linux-headers-cloud-amd64 of the same version.
#
# Bochs lacks XFD, which Linux wants before it hands out tiles.  So the kernel is
# told that there are none, a module sets the registers free behind its back,
# and the request for permission, which it would refuse, is answered by a
# library that is loaded before.  There is one processor and one process that
# uses tiles at a time, so nobody misses what the kernel does not save.
set -eu
cd "$(dirname "$0")/../.."

[ $# -gt 0 ] || set -- kernels-bf16-split layer-conv1d-bf16 session-storage golden
pipelines/build.sh check
work=$PWD/build-amx
root=$work/root
release=$(basename "$(ls -d /lib/modules/*cloud-amd64 | sort -V | tail -n 1)")
rm -rf "$root" "$work/module" "$work/iso" "$work"/*.log
mkdir -p "$root/bin" "$root/proc" "$root/tmp" "$work/module" "$work/iso"

# --- the module
cat >"$work/module/tiles.c" <<'EOF'
#include <linux/module.h>
#include <linux/smp.h>
#include <asm/fpu/xcr.h>

static void allow (void *unused)
{
  xsetbv (XCR_XFEATURE_ENABLED_MASK,
      xgetbv (XCR_XFEATURE_ENABLED_MASK) | 3ull << 17);
}

static int __init tiles_init (void)
{
  on_each_cpu (allow, NULL, 1);
  return 0;
}

module_init (tiles_init);
MODULE_LICENSE ("GPL");
EOF
echo 'obj-m := tiles.o' >"$work/module/Makefile"
make -s -C "/lib/modules/$release/build" M="$work/module" modules
cp "$work/module/tiles.ko" "$root"

# --- the permission
cat >"$work/permit.c" <<'EOF'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/syscall.h>

long
syscall (long number, long a, long b, long c, long d, long e, long f)
{
  static long (*real) (long, ...);

  if (number == SYS_arch_prctl && a == 0x1023 && b == 18)
    return 0;
  if (!real)
    real = dlsym (RTLD_NEXT, "syscall");
  return real (number, a, b, c, d, e, f);
}
EOF
gcc -shared -fPIC -o "$root/permit.so" "$work/permit.c" -ldl

# --- what runs
[ -f "$work/build/build.ninja" ] ||
  meson setup "$work/build" -Dtests=enabled \
    -Dc_args="-include $PWD/tests/cross/bochs.h" >"$work/build.log"
cp -r tests/data/golden "$root/golden"
for name; do
  target=tests/src/"src-$name"
  program=$work/build/$target
  ninja -C "$work/build" "$target" >>"$work/build.log"
  cp "$program" "$root/bin/$name"
  for library in $(ldd "$program" | grep -o '/[^ ]*'); do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
done
cp /bin/busybox "$root/bin"
cat >"$root/init" <<EOF
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox insmod /tiles.ko
export MX_TEST_DATA=/ CK_FORK=no CK_DEFAULT_TIMEOUT=0 LD_PRELOAD=/permit.so
for name in $*; do
  echo "amx: begin \$name"
  /bin/\$name && echo "amx: passed \$name" || echo "amx: failed \$name"
done
/bin/busybox sleep 2 # what was written arrives
/bin/busybox poweroff -f
EOF
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$work/iso/initrd"

# --- the machine
cp "/boot/vmlinuz-$release" "$work/iso/vmlinuz"
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 \
  "$work/iso"
cat >"$work/iso/isolinux.cfg" <<'EOF'
DEFAULT linux
LABEL linux
  KERNEL /vmlinuz
  APPEND initrd=/initrd console=ttyS0 clearcpuid=amx_tile no5lvl mitigations=off tsc=reliable panic=-1 random.trust_cpu=on quiet loglevel=0
EOF
xorriso -as mkisofs -quiet -b isolinux.bin -c boot.cat -no-emul-boot \
  -boot-load-size 4 -boot-info-table -o "$work/disc.iso" "$work/iso"
cat >"$work/bochsrc" <<EOF
cpu: model=sapphire_rapids, count=1, ips=100000000, ignore_bad_msrs=1
memory: guest=1024, host=1024
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
ata0-master: type=cdrom, path=$work/disc.iso, status=inserted
boot: cdrom
display_library: rfb, options="timeout=0"
com1: enabled=1, mode=file, dev=$work/serial.log
log: $work/bochs.log
panic: action=fatal
EOF
echo "Booting; $work/serial.log fills."
echo c | bochs -q -f "$work/bochsrc" >/dev/null 2>&1 || true
tr -d '\r' <"$work/serial.log" | sed -n '/amx: begin/,$p'
[ "$(grep -c 'amx: passed' "$work/serial.log")" = $# ]
