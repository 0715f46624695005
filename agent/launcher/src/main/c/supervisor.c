/*
 * One per container: makes its cgroups, starts its init, hands signals on, and when everything inside is gone writes
 * the exit record. It needs neither the resident nor the agent, and outlives both.
 */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct container {
  struct spec spec;
  struct folder folder;
  struct pids pids;
  struct ending *ending;
  int events, signals;
  int report;  /* from the task, until it became its program */
  int verdict; /* from the init, at the end */
  bool ready, failed, started;
};

/* The pid of whoever sends comes with the message, as this process sees it: inside the namespace it is another one. */
static ssize_t receive(int fd, struct report *report, pid_t *sender) {
  struct iovec part = {report, sizeof *report};
  union {
    char bytes[CMSG_SPACE(sizeof(struct ucred))];
    struct cmsghdr aligned;
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t size = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  for (struct cmsghdr *at = size > 0 ? CMSG_FIRSTHDR(&message) : NULL; at != NULL; at = CMSG_NXTHDR(&message, at)) {
    struct ucred credentials;
    if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SCM_CREDENTIALS) continue;
    memcpy(&credentials, CMSG_DATA(at), sizeof credentials);
    *sender = credentials.pid;
  }
  return size;
}

static void note_start(struct container *container) {
  container->started = true;
  container->ending->started_ns = wall_nanos();
  note_task(&container->folder, &container->pids);
  tell(container->events, "started %s %d %lu", container->spec.id, container->pids.task, container->pids.task_start);
}

/* Takes what the task and its init say until they say no more: the last holder of the other end became the program. */
static void hear_reports(struct container *container) {
  struct report report;
  pid_t sender = 0;
  ssize_t size;
  while ((size = receive(container->report, &report, &sender)) == sizeof report) {
    if (report.stage[0] == '\0') {
      container->ready = true;
      container->pids.task = sender;
      container->pids.task_start = report.start;
    } else {
      container->failed = true;
      fail(container->ending, report.stage, report.text);
    }
  }
  if (size < 0) return;
  close(container->report);
  container->report = -1;
  if (container->ready && !container->failed) note_start(container);
}

/* True when the init is gone, and with it, its namespace. Other children are orphans that only a killed init left. */
static bool reap(struct container *container, int *init_status, struct rusage *usage) {
  bool gone = false;
  int status;
  struct rusage used;
  for (pid_t pid; (pid = wait4(-1, &status, WNOHANG, &used)) > 0; ) {
    if (pid != container->pids.init) continue;
    gone = true;
    *init_status = status;
    *usage = used;
  }
  return gone;
}

static bool hear_signals(struct container *container, int *init_status, struct rusage *usage) {
  struct signalfd_siginfo info;
  bool gone = false;
  while (read(container->signals, &info, sizeof info) == sizeof info) {
    if (gone) continue;
    if (info.ssi_signo == SIGCHLD) gone = reap(container, init_status, usage);
    else kill(container->pids.init, (int)info.ssi_signo);
  }
  return gone;
}

static void wait_for_end(struct container *container, int *init_status, struct rusage *usage) {
  bool gone = false;
  while (!gone) {
    /* Of the reports their end alone wakes: what was said is still there then, and the task is not held up. */
    struct pollfd inputs[] = {{.fd = container->report}, {.fd = container->signals, .events = POLLIN}};
    poll(inputs, 2, -1);
    if (inputs[0].revents != 0) hear_reports(container);
    gone = hear_signals(container, init_status, usage);
  }
  if (container->report >= 0) hear_reports(container);
}

static uint64_t micros(struct timeval time) { return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_usec; }

static void conclude(struct container *container, int init_status, const struct rusage *usage) {
  struct ending *ending = container->ending;
  struct verdict verdict = {0};
  bool heard = read(container->verdict, &verdict, sizeof verdict) == sizeof verdict;
  ending->left_processes = verdict.left_processes;
  if (!heard) {
    /* Killed by somebody else on this machine. Without a namespace its children are ours now. */
    verdict.wait_status = WIFSIGNALED(init_status) ? init_status : SIGKILL;
    ending->left_processes = kill_descendants(container->spec.kill_file);
  }
  ending->user_us = micros(usage->ru_utime);
  ending->system_us = micros(usage->ru_stime);
  ending->max_rss_bytes = (uint64_t)usage->ru_maxrss * 1024;
  if (container->failed) return;
  if (!container->started) {
    fail(ending, "killed", "killed before it started");
  } else if (WIFEXITED(verdict.wait_status)) {
    ending->outcome = EXITED;
    ending->code = WEXITSTATUS(verdict.wait_status);
  } else {
    ending->outcome = SIGNALED;
    ending->code = WTERMSIG(verdict.wait_status);
    ending->core_dumped = WCOREDUMP(verdict.wait_status);
  }
}

/* Starts the init; it and all that comes from it hold nothing of the supervisor but the lock. */
static bool start_init(struct container *container) {
  int report[2], verdict[2], yes = 1;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, report) != 0) return false;
  if (setsockopt(report[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) != 0) return false;
  if (pipe2(verdict, O_CLOEXEC | O_NONBLOCK) != 0) return false;
  /* clone(2) without a stack of its own is fork(2), with namespaces. */
  pid_t init = (pid_t)syscall(SYS_clone, container->spec.namespaces | SIGCHLD, NULL, NULL, NULL, NULL);
  if (init == 0) {
    int unneeded[] = {report[0], verdict[0], container->events, container->signals, container->folder.dir,
                      container->folder.record};
    for (size_t i = 0; i < sizeof unneeded / sizeof *unneeded; i++) close(unneeded[i]);
    init_main(&container->spec, report[1], verdict[1]);
  }
  int error = errno;
  close(report[1]);
  close(verdict[1]);
  container->report = report[0];
  container->verdict = verdict[0];
  container->pids.init = init;
  errno = error;
  return init > 0;
}

static void run(struct container *container) {
  char text[MAX_TEXT];
  const char *problem = make_cgroups(&container->spec, text, sizeof text);
  if (problem != NULL) {
    fail(container->ending, "cgroup", problem);
  } else if (!start_init(container)) {
    fail(container->ending, container->spec.namespaces != 0 ? "namespaces" : "fork", strerror(errno));
  } else {
    int init_status = 0;
    struct rusage usage = {0};
    wait_for_end(container, &init_status, &usage);
    container->ending->ended_ns = wall_nanos();
    conclude(container, init_status, &usage);
  }
  read_figures(&container->spec, container->ending);
  container->ending->left_cgroups = remove_cgroups(&container->spec);
}

/* Takes the folder for good. NULL; or "" when somebody has it or had it, or what is wrong. */
static const char *take_folder(const struct folder *folder) {
  struct pids earlier;
  if (flock(folder->pids, LOCK_EX | LOCK_NB) != 0) return errno == EWOULDBLOCK ? "" : strerror(errno);
  return read_pids(folder, &earlier) || faccessat(folder->dir, "exit", F_OK, 0) == 0 ? "" : NULL;
}

/*
 * Runs one container to its end. 0: its end was told and recorded in the ending; FOLDER_TAKEN: another launcher process
 * has the folder or had it. The handled signals are blocked. With die_with_agent the container ends with its parent,
 * which is the given process unless that is gone already.
 */
int supervise(const char *id, const char *spec_path, int events, pid_t agent, struct ending *ending) {
  struct container container = {.ending = ending, .events = events, .signals = -1, .report = -1, .verdict = -1};
  memset(ending, 0, sizeof *ending);
  prctl(PR_SET_NAME, "perigee-super");
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const char *problem = open_folder(spec_path, &container.folder);
  if (problem == NULL) problem = take_folder(&container.folder);
  if (problem != NULL && *problem == '\0') return FOLDER_TAKEN;
  if (problem != NULL) {
    fail(ending, "folder", problem);
    save_and_tell(&container.folder, id, ending, events);
    return 0;
  }
  problem = read_spec(spec_path, &container.spec);
  if (problem != NULL) {
    fail(ending, "spec", problem);
  } else if (strcmp(container.spec.id, id) != 0) {
    fail(ending, "spec", "the specification has another id");
  } else if (!note_supervisor(&container.folder) || !reserve_record(&container.folder)) {
    fail(ending, "record", strerror(errno));
  } else if ((container.signals = signalfd(-1, handled_signals(), SFD_CLOEXEC | SFD_NONBLOCK)) < 0) {
    fail(ending, "signals", strerror(errno));
  } else if (container.spec.die_with_agent && (prctl(PR_SET_PDEATHSIG, SIG_KILL_ALL) != 0 || getppid() != agent)) {
    fail(ending, "agent", "the agent ended before the start");
  } else {
    run(&container);
  }
  save_and_tell(&container.folder, id, ending, events);
  free_spec(&container.spec);
  return 0;
}
