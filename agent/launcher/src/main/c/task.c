/* The last steps of a process before it becomes the task. */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* As Mesos' agent has it for tasks without a PATH (os::host_default_path). */
#define DEFAULT_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

extern char **environ;

/* Tells the supervisor what failed, with errno, and ends. */
_Noreturn void give_up(int report, const char *stage, const char *what) {
  struct report failure = {0};
  snprintf(failure.stage, sizeof failure.stage, "%s", stage);
  snprintf(failure.text, sizeof failure.text, "%s: %s", what, strerror(errno));
  send(report, &failure, sizeof failure, MSG_NOSIGNAL);
  _exit(1);
}

/* The task writes itself ("0"), single-threaded, which spares cgroup v1 its machine-wide lock when the file is "tasks". */
static void join_cgroups(const struct spec *spec, int report) {
  for (size_t i = 0; i < spec->joins.count; i++) {
    if (!write_file(spec->joins.items[i], "0")) give_up(report, "cgroup", spec->joins.items[i]);
  }
}

static void set_limits(const struct spec *spec, int report) {
  for (size_t i = 0; i < spec->limit_count; i++) {
    char what[64];
    snprintf(what, sizeof what, "resource %d", spec->limits[i].resource);
    if (setrlimit(spec->limits[i].resource, &spec->limits[i].values) != 0) give_up(report, "rlimit", what);
  }
}

static void switch_user(const struct spec *spec, int report) {
  if (!spec->has_uid) return;
  char what[64];
  snprintf(what, sizeof what, "user %u, group %u", spec->uid, spec->gid);
  if (setgroups(spec->group_count, spec->groups) != 0) give_up(report, "groups", what);
  if (setgid(spec->gid) != 0) give_up(report, "gid", what);
  if (setuid(spec->uid) != 0) give_up(report, "uid", what);
}

/*
 * Opened as the task's user: the file is the user's, and a link that the user left there leads nowhere that the user
 * may not write. A pipe without reader is an error instead of a wait.
 */
static void open_output(const char *path, int target, const char *stage, int report) {
  if (path == NULL) return;
  int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0644);
  if (fd < 0 || fcntl(fd, F_SETFL, O_APPEND) != 0 || dup2(fd, target) < 0) give_up(report, stage, path);
}

/*
 * Nothing that the launcher or whoever started it set reaches the task. By system call: the C library keeps two signals
 * to itself, and its posix_spawn, which Java uses, leaves just these ignored.
 */
static void reset_signals(void) {
  char standard[64] = {0}; /* the kernel's struct sigaction with SIG_DFL */
  for (int signal = 1; signal < NSIG; signal++) syscall(SYS_rt_sigaction, signal, standard, NULL, NSIG / 8);
}

static void unblock_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static char *path_of(const struct spec *spec) {
  for (size_t i = 0; i < spec->env.count; i++) {
    if (strncmp(spec->env.items[i], "PATH=", 5) == 0) return spec->env.items[i];
  }
  return DEFAULT_PATH;
}

/* Standard input is /dev/null already, and so are the outputs until they are opened. */
_Noreturn void task_main(const struct spec *spec, int report) {
  if (setsid() < 0) give_up(report, "session", "setsid");
  join_cgroups(spec, report);
  /* The agent may be protected from the OOM killer; its tasks are not. Lowering needs a right we may lack: then it stays. */
  write_file("/proc/self/oom_score_adj", "0");
  set_limits(spec, report);
  umask(022);
  struct report ready = {.start = own_start()};
  switch_user(spec, report);
  /* Without a pid namespace: the task at least goes when its init is killed. A change of user forgets earlier wishes. */
  if (!(spec->namespaces & CLONE_NEWPID)) prctl(PR_SET_PDEATHSIG, SIGKILL);
  open_output(spec->out, STDOUT_FILENO, "stdout", report);
  open_output(spec->err, STDERR_FILENO, "stderr", report);
  const char *cwd = spec->cwd != NULL ? spec->cwd : "/";
  if (chdir(cwd) != 0) give_up(report, "cwd", cwd);
  reset_signals();
  set_slice(0);
  /* All of ours close by themselves; this is for what is not ours. Kernels before 5.11 cannot: nothing is known to leak. */
  syscall(SYS_close_range, 3, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */);
  send(report, &ready, sizeof ready, MSG_NOSIGNAL);
  unblock_signals();
  /* execvpe searches the PATH of the process that calls it, which has to be the task's. */
  char *path[] = {path_of(spec), NULL};
  environ = path;
  execvpe(spec->executable, spec->argv.items, spec->env.items);
  give_up(report, "exec", spec->executable);
}
