/* The three verbs; see README.md. */
#include "launcher.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The task's own exit code, 128 + signal as shells have it, 125 when it did not start. */
static int exit_code(const struct ending *ending) {
  switch (ending->outcome) {
    case EXITED: return ending->code;
    case SIGNALED: return 128 + ending->code;
    default: return 125;
  }
}

/* In the foreground; the events go to standard output. */
static int run_here(const char *path) {
  struct spec spec;
  struct ending ending;
  char id[MAX_ID + 1] = "-", whole[PATH_MAX];
  if (realpath(path, whole) == NULL) {
    perror(path);
    return 125;
  }
  if (read_spec(whole, &spec) == NULL) snprintf(id, sizeof id, "%s", spec.id);
  free_spec(&spec);
  int events = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) dup2(nothing, fd);
  int result = supervise(id, whole, events, getppid(), &ending);
  if (result != 0) tell(events, "refused %s this container was run already", id);
  return result != 0 ? result : exit_code(&ending);
}

int main(int count, char **arguments) {
  umask(022);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  sigprocmask(SIG_SETMASK, handled_signals(), NULL);
  if (count == 2 && strcmp(arguments[1], "serve") == 0) return chdir("/") == 0 ? serve() : 1;
  if (count == 2 && strcmp(arguments[1], "probe") == 0) return probe();
  if (count == 3 && strcmp(arguments[1], "run") == 0) return run_here(arguments[2]);
  fprintf(stderr, "usage: perigee-launcher serve | run SPECIFICATION | probe\n");
  return 2;
}
