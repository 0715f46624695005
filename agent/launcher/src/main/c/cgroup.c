/* Creates, reads and removes cgroups as the specification says; which ones and with what limits is the agent's policy. */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* NULL, or what went wrong; the list then keeps those that were made, for remove_cgroups. */
const char *make_cgroups(struct spec *spec, char *text, size_t size) {
  for (size_t i = 0; i < spec->cgroups.count; i++) {
    if (mkdir(spec->cgroups.items[i], 0755) != 0) {
      snprintf(text, size, "%s: %s", spec->cgroups.items[i], strerror(errno));
      spec->cgroups.count = i;
      return text;
    }
  }
  for (size_t i = 0; i < spec->writes.count; i++) {
    if (!write_file(spec->writes.items[i], spec->values.items[i])) {
      snprintf(text, size, "%s: %s (value %s)", spec->writes.items[i], strerror(errno), spec->values.items[i]);
      return text;
    }
  }
  return NULL;
}

/* The number behind a name in lines of "<name> <number>"; 0 when it is not there. */
static uint64_t figure(const char *text, const char *name) {
  size_t length = strlen(name);
  for (const char *line = text; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
    line += *line == '\n';
    if (strncmp(line, name, length) == 0 && line[length] == ' ') return strtoull(line + length + 1, NULL, 10);
  }
  return 0;
}

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

/*
 * OOM kills from memory.oom_control (v1) or memory.events (v2), CPU time from cpuacct.stat (v1, ticks) or cpu.stat (v2,
 * microseconds). Processes whose parents did not wait for them are in the group's CPU time alone, the fraction of a tick
 * is in the process' alone: the larger figure is nearer to the truth.
 */
void read_figures(const struct spec *spec, struct ending *ending) {
  char text[4096];
  if (spec->oom_file != NULL && read_file(AT_FDCWD, spec->oom_file, text, sizeof text) > 0) {
    ending->oom_killed = figure(text, "oom_kill") > 0;
  }
  if (spec->cpu_file != NULL && read_file(AT_FDCWD, spec->cpu_file, text, sizeof text) > 0) {
    uint64_t tick_us = 1000000u / (uint64_t)sysconf(_SC_CLK_TCK);
    ending->user_us = larger(ending->user_us, larger(figure(text, "user_usec"), figure(text, "user") * tick_us));
    ending->system_us =
        larger(ending->system_us, larger(figure(text, "system_usec"), figure(text, "system") * tick_us));
  }
}

static size_t kill_members(const char *directory) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/cgroup.procs", directory);
  FILE *members = fopen(path, "re");
  size_t count = 0;
  int pid;
  while (members != NULL && fscanf(members, "%d", &pid) == 1) {
    kill(pid, SIGKILL);
    count++;
  }
  if (members != NULL) fclose(members);
  return count;
}

/* For a container whose supervisor is gone: its processes are found in its cgroups. Gives up after 5 s. */
void kill_cgroups(const struct spec *spec) {
  if (spec->kill_file != NULL) write_file(spec->kill_file, "1");
  for (int round = 0; round < 500; round++) {
    size_t members = 0;
    for (size_t i = 0; i < spec->cgroups.count; i++) members += kill_members(spec->cgroups.items[i]);
    if (members == 0) return;
    usleep(10000);
  }
}

/* Children first. A group can be busy for a moment after its last process ended: tried for 1 s. Returns how many are left. */
unsigned remove_cgroups(const struct spec *spec) {
  unsigned left = 0;
  for (size_t i = spec->cgroups.count; i-- > 0; ) {
    int round = 0;
    while (rmdir(spec->cgroups.items[i]) != 0 && errno == EBUSY && round++ < 200) usleep(5000);
    left += access(spec->cgroups.items[i], F_OK) == 0;
  }
  return left;
}
