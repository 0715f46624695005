/*
 * One per container that was started by an earlier resident: waits for the lock on the container's folder, which its
 * supervisor holds as long as it lives, and then tells what the exit record says. A wait for a lock is as prompt as a
 * wait for a child, needs no polling, and works on every kernel. When there is no record the supervisor was killed or
 * the machine was switched off: then this process kills and removes what is left and writes the record itself.
 */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <unistd.h>

/* For the signal handler. Set before signals are let in, constant from then on. */
static struct pids pids;
static int supervisor = -1; /* pidfd; -1: this kernel has none (before 5.3) */

/* The lock is held while this can be called, so the pid is the supervisor's; its start is looked at all the same. */
static void forward(int signal) {
  int error = errno;
  if (supervisor >= 0) syscall(SYS_pidfd_send_signal, supervisor, signal, NULL, 0);
  else if (start_of(pids.supervisor) == pids.supervisor_start) kill(pids.supervisor, signal);
  errno = error;
}

/* Lets in the signals that have waited, and those to come. */
static void accept_signals(void) {
  supervisor = (int)syscall(SYS_pidfd_open, pids.supervisor, 0);
  if (start_of(pids.supervisor) != pids.supervisor_start) return;
  struct sigaction handler = {.sa_handler = forward, .sa_mask = *handled_signals(), .sa_flags = SA_RESTART};
  for (int signal = 1; signal < NSIG; signal++) {
    if (is_forwarded(signal) || signal == SIG_KILL_ALL) sigaction(signal, &handler, NULL);
  }
  sigset_t let_in = *handled_signals();
  sigdelset(&let_in, SIGCHLD);
  sigprocmask(SIG_UNBLOCK, &let_in, NULL);
}

/* True with the lock taken: the supervisor is gone, if there ever was one. False: there can be no lock. */
static bool wait_for_lock(const struct folder *folder, const char *id, int events) {
  bool accepts = false, told = false;
  while (flock(folder->pids, told ? LOCK_EX : LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    if (!told && read_pids(folder, &pids)) {
      if (!accepts) accept_signals();
      accepts = true;
      told = pids.task != 0;
      if (told) tell(events, "attached %s %d %lu", id, pids.task, pids.task_start);
    }
    /* The start takes milliseconds; only what is being started is looked at again and again. */
    if (!told) usleep(5000);
  }
  sigprocmask(SIG_BLOCK, handled_signals(), NULL);
  return true;
}

/* An init that lost its supervisor is being killed by the kernel, and is not gone before all of its namespace is. */
static void wait_for_init(void) {
  for (int round = 0; round < 1000; round++) {
    uint64_t start = start_of(pids.init);
    if (pids.init == 0 || start < pids.supervisor_start || start > pids.task_start) return;
    usleep(5000);
  }
}

/* Makes an end of a container without a supervisor. */
static void sweep(struct folder *folder, const char *id, const char *spec_path, int events) {
  struct spec spec;
  struct ending ending = {0};
  if (read_pids(folder, &pids)) lose(&ending, "the supervisor ended without an exit record");
  else fail(&ending, "lost", "it was never started");
  wait_for_init();
  if (read_spec(spec_path, &spec) == NULL) {
    kill_cgroups(&spec);
    read_figures(&spec, &ending);
    ending.left_cgroups = remove_cgroups(&spec);
  }
  free_spec(&spec);
  save_and_tell(folder, id, &ending, events);
}

/* Always 0: the end was told. */
int attach(const char *id, const char *spec_path, int events) {
  struct folder folder;
  struct ending ending = {0};
  prctl(PR_SET_NAME, "perigee-attach");
  const char *problem = open_folder(spec_path, &folder);
  if (problem == NULL && !wait_for_lock(&folder, id, events)) problem = strerror(errno);
  if (problem != NULL) {
    /* Whatever is in that folder, it is not for this process to write there. */
    lose(&ending, problem);
    save_and_tell(NULL, id, &ending, events);
  } else if (!retell_record(&folder, events)) {
    sweep(&folder, id, spec_path, events);
  }
  return 0;
}
