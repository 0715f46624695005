#!/bin/sh
# Init of a user-mode Linux for CgroupV2IT. Its root is the host's, read-only; FOLDER is replaced by the test's.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs tmpfs /run
group=/sys/fs/cgroup
mkdir $group/perigee
echo "+cpu +memory" > $group/cgroup.subtree_control
echo "+cpu +memory" > $group/perigee/cgroup.subtree_control
cp FOLDER/perigee-launcher /run
/run/perigee-launcher probe
for spec in FOLDER/*.spec; do
  name=$(basename "$spec" .spec)
  mkdir "/run/$name"
  cp "$spec" "/run/$name/spec"
  /run/perigee-launcher run "/run/$name/spec"
  sed "s/^/output $name /" "/run/$name/stdout"
done
find $group/perigee -mindepth 1 -type d | sed 's/^/left cgroup /'
ps ax -o args | grep '^sleep' | sed 's/^/left process /'
echo done
echo o > /proc/sysrq-trigger
sleep 10
