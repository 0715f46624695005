/*
 * The parent of a task, pid 1 of its namespace where there is one. Reaps orphans, hands signals on (a program that is
 * pid 1 itself would ignore SIGTERM), and when the task has ended kills the rest of the container before it ends itself.
 * With a pid namespace that is one call; without one this process, a subreaper, walks through its descendants.
 */
#include "launcher.h"

#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether the supervisor was gone before this process asked to be told of it. */
static bool is_orphan(int verdict) {
  struct pollfd end = {.fd = verdict};
  return poll(&end, 1, 0) != 0;
}

static void follow_supervisor(const struct spec *spec, int verdict) {
  prctl(PR_SET_NAME, "perigee-init");
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, spec->namespaces & CLONE_NEWPID ? SIGKILL : SIG_KILL_ALL);
  if (is_orphan(verdict)) _exit(1);
}

/* Mounts made on the host later are seen inside, none made inside are seen on the host. */
static void mount_proc(const struct spec *spec, int report) {
  if (!(spec->namespaces & CLONE_NEWNS)) return;
  if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) give_up(report, "mount", "/");
  if (!(spec->namespaces & CLONE_NEWPID)) return;
  if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) give_up(report, "mount", "/proc");
}

static void signal_all(const struct spec *spec, int signal) {
  if (spec->namespaces & CLONE_NEWPID) kill(-1, signal);
  else signal_descendants(signal);
}

/* True when the task is among those that ended. */
static bool reap(pid_t task, int *wait_status) {
  bool ended = false;
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0; ) {
    if (pid != task) continue;
    ended = true;
    *wait_status = status;
  }
  return ended;
}

/* Returns the task's wait status once it ended or everything is to be killed. */
static int run_until_end(const struct spec *spec, pid_t task, pid_t supervisor) {
  for (;;) {
    siginfo_t info;
    int signal = sigwaitinfo(handled_signals(), &info);
    int wait_status;
    if (signal == SIGCHLD && reap(task, &wait_status)) return wait_status;
    if (signal == SIG_KILL_ALL) return SIGKILL;
    /* From the supervisor alone, which is pid 0 as seen from inside: the task's own kill 1 does nothing. */
    if (is_forwarded(signal) && info.si_pid == supervisor) signal_all(spec, signal);
  }
}

/*
 * Kills and reaps what is left; the number of processes that stay. The kernel would kill a namespace's processes by
 * itself, but would not add what they used to anybody's account.
 */
static unsigned kill_rest(const struct spec *spec) {
  if (!(spec->namespaces & CLONE_NEWPID)) return kill_descendants(spec->kill_file);
  do {
    kill(-1, SIGKILL);
  } while (waitpid(-1, NULL, 0) > 0);
  return 0;
}

_Noreturn void init_main(const struct spec *spec, int report, int verdict) {
  pid_t supervisor = getppid();
  follow_supervisor(spec, verdict);
  mount_proc(spec, report);
  pid_t task = fork();
  if (task < 0) give_up(report, "fork", "task");
  if (task == 0) task_main(spec, report);
  close(report);
  struct verdict end = {.wait_status = run_until_end(spec, task, supervisor)};
  end.left_processes = kill_rest(spec);
  write_all(verdict, (char *)&end, sizeof end);
  _exit(0);
}
