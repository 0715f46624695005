/* Finds out what this host lets the launcher do, by trying. Lines of "<key>=<value>" on standard output. */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

static bool can_clone(int namespaces) {
  pid_t child = (pid_t)syscall(SYS_clone, namespaces | SIGCHLD, NULL, NULL, NULL, NULL);
  if (child == 0) {
    bool works = !(namespaces & CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0;
    if (namespaces == (CLONE_NEWNS | CLONE_NEWPID)) works = works && mount("proc", "/proc", "proc", 0, NULL) == 0;
    _exit(works ? 0 : 1);
  }
  int status;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void print_namespaces(void) {
  /* A pid namespace without its own /proc would show its processes strangers: both or none. */
  bool pid = can_clone(CLONE_NEWNS | CLONE_NEWPID);
  if (pid) printf("namespace=pid\n");
  if (pid || can_clone(CLONE_NEWNS)) printf("namespace=mount\n");
  if (can_clone(CLONE_NEWIPC)) printf("namespace=ipc\n");
}

/* Mount tables write space, tab, newline and backslash as \ooo. */
static void unescape(char *text) {
  char *to = text;
  for (char *from = text; *from != '\0'; to++) {
    if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] != '\0' && from[3] != '\0') {
      *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
      from += 4;
    } else {
      *to = *from++;
    }
  }
  *to = '\0';
}

static const char *access_to(const char *path) { return access(path, W_OK) == 0 ? "rw" : "ro"; }

static void print_v2(const char *path) {
  char file[PATH_MAX + 32], controllers[1024];
  snprintf(file, sizeof file, "%s/cgroup.controllers", path);
  if (read_file(AT_FDCWD, file, controllers, sizeof controllers) < 0) controllers[0] = '\0';
  controllers[strcspn(controllers, "\n")] = '\0';
  printf("cgroup2=%s %s\n", access_to(path), path);
  for (char *rest = controllers, *name; (name = strsep(&rest, " ")) != NULL; ) {
    if (*name != '\0') printf("cgroup2_controller=%s\n", name);
  }
}

/* The super options name the controllers, besides words that do not. */
static void print_v1(const char *path, char *options) {
  for (char *name; (name = strsep(&options, ",")) != NULL; ) {
    if (strcmp(name, "rw") != 0 && strcmp(name, "ro") != 0 && strchr(name, '=') == NULL) {
      printf("cgroup1=%s %s %s\n", name, access_to(path), path);
    }
  }
}

/* proc(5), mountinfo: id parent major:minor root point options [tags...] - type source super-options */
static void print_cgroups(void) {
  FILE *mounts = fopen("/proc/self/mountinfo", "re");
  char *line = NULL;
  size_t room = 0;
  while (mounts != NULL && getline(&line, &room, mounts) > 0) {
    char point[PATH_MAX], type[64], options[1024];
    char *tail = strstr(line, " - ");
    if (tail == NULL || sscanf(line, "%*s %*s %*s %*s %4095s", point) != 1) continue;
    if (sscanf(tail, " - %63s %*s %1023s", type, options) != 2) continue;
    unescape(point);
    if (strcmp(type, "cgroup2") == 0) print_v2(point);
    if (strcmp(type, "cgroup") == 0) print_v1(point, options);
  }
  free(line);
  if (mounts != NULL) fclose(mounts);
}

int probe(void) {
  printf("launcher=%d\n", PROTOCOL_VERSION);
  printf("uid=%u\n", geteuid());
  print_namespaces();
  print_cgroups();
  return 0;
}
