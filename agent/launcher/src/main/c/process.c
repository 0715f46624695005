/* What /proc tells of processes, and signals to many of them. */
#include "launcher.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct process {
  pid_t pid, parent;
  uint64_t start;
  char state;
  bool found;
};

/* The name, second in the line, may hold spaces and parentheses: what follows its last one is regular. */
static bool read_process(const char *path, struct process *process) {
  char text[1024];
  if (read_file(AT_FDCWD, path, text, sizeof text) <= 0) return false;
  const char *rest = strrchr(text, ')');
  return rest != NULL && sscanf(text, "%d", &process->pid) == 1
      && sscanf(rest, ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %lu",
                &process->state, &process->parent, &process->start) == 3;
}

/* Clock ticks from boot to the start of a living process; 0 when there is none. With the pid it names a process for good. */
uint64_t start_of(pid_t pid) {
  char path[32];
  struct process process;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  return read_process(path, &process) && process.state != 'Z' && process.state != 'X' ? process.start : 0;
}

uint64_t own_start(void) {
  struct process process;
  return read_process("/proc/self/stat", &process) ? process.start : 0;
}

static size_t read_processes(struct process **processes) {
  size_t count = 0, room = 0;
  *processes = NULL;
  DIR *directory = opendir("/proc");
  if (directory == NULL) return 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL; ) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (count == room) {
      room = room * 2 + 256;
      struct process *larger = realloc(*processes, room * sizeof **processes);
      if (larger == NULL) break;
      *processes = larger;
    }
    char path[300];
    snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
    struct process *process = &(*processes)[count];
    process->found = false;
    if (read_process(path, process)) count++;
  }
  closedir(directory);
  return count;
}

/*
 * Children, their children and so on, zombies included; parents first, so that who is signalled in this order does not
 * see its child end before. The caller frees the list.
 */
size_t descendants(pid_t root, pid_t **found) {
  struct process *processes;
  size_t count = read_processes(&processes), total = 0;
  *found = calloc(count + 1, sizeof **found);
  if (*found == NULL) count = 0;
  else (*found)[0] = root;
  /* found[0] is the root; each one found is in turn looked at as a parent. */
  for (size_t parent = 0; count > 0 && parent <= total; parent++) {
    for (size_t i = 0; i < count && total < count; i++) {
      if (!processes[i].found && processes[i].pid != root && processes[i].parent == (*found)[parent]) {
        processes[i].found = true;
        (*found)[++total] = processes[i].pid;
      }
    }
  }
  free(processes);
  if (total > 0) memmove(*found, *found + 1, total * sizeof **found);
  return total;
}

/* Signals all descendants of the caller; the number of those that could be. */
unsigned signal_descendants(int signal) {
  pid_t *found;
  size_t count = descendants(getpid(), &found);
  unsigned reached = 0;
  for (size_t i = 0; i < count; i++) reached += kill(found[i], signal) == 0;
  free(found);
  return reached;
}

/*
 * Kills and reaps all descendants of the caller, a subreaper: when it has no child left, nothing is left. They are
 * stopped first so that what forks quickly cannot outrun the walk. Gives up on processes that may not be killed
 * (set-user-id programs, when the launcher is not root) and returns their number.
 */
unsigned kill_descendants(const char *kill_file) {
  if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD) return 0;
  if (kill_file != NULL) write_file(kill_file, "1");
  signal_descendants(SIGSTOP);
  for (unsigned round = 0;; round++) {
    unsigned reached = signal_descendants(SIGKILL);
    pid_t ended;
    while ((ended = waitpid(-1, NULL, WNOHANG)) > 0) continue;
    if (ended < 0 && errno == ECHILD) return 0;
    if (reached == 0 && round > 100) {
      pid_t *found;
      unsigned left = (unsigned)descendants(getpid(), &found);
      free(found);
      return left;
    }
    usleep(round < 10 ? 1000 : 20000);
  }
}

/* Blocked in every process of the launcher and taken from a queue; all others keep their default. */
const sigset_t *handled_signals(void) {
  static sigset_t set;
  sigemptyset(&set);
  for (int signal = 1; signal < 32; signal++) {
    if (is_forwarded(signal)) sigaddset(&set, signal);
  }
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIG_KILL_ALL);
  return &set;
}

/* The signals that reach a container's processes through its supervisor. */
bool is_forwarded(int signal) {
  switch (signal) {
    case SIGHUP: case SIGINT: case SIGQUIT: case SIGABRT: case SIGUSR1: case SIGUSR2: case SIGTERM: return true;
    default: return false;
  }
}

uint64_t wall_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/*
 * Asks the scheduler for turns of this length, for this process and its children; 0: the usual. A launch is a chain of
 * processes that each run for a moment, and on a machine full of tasks each waits for the turn of one of them to end,
 * unless its own is shorter (beside 3 busy loops on 2 cores, kernel 6.18, tasks start a fifth sooner). Needs no right; kernels
 * before 6.12 take no notice.
 */
void set_slice(uint64_t nanos) {
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {.size = sizeof attributes};
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return;
  attributes.runtime = nanos;
  if (attributes.policy == SCHED_OTHER) syscall(SYS_sched_setattr, 0, &attributes, 0);
}
