/*
 * The process that the agent talks to. It forks a supervisor or an attacher for each container and otherwise only keeps
 * the table of them; it waits for nobody but the agent. The children write their events to the agent themselves.
 */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_BYTES (1 << 20) /* room for thousands of events, so that an agent that pauses holds up no container */
#define SHORT_SLICE_NS 100000 /* the least that the kernel takes */
#define MOST_ATTEMPTS 5      /* attachers of one container that were killed, before it is given up */

struct entry {
  pid_t child;
  unsigned attempts;
  uint64_t signals; /* bits of those sent, for the next child of the same container */
  char *id, *spec_path;
};

struct resident {
  int events, requests, signals;
  struct entry *entries[MAX_CONTAINERS];
  size_t count;
  char line[MAX_LINE];
  size_t length;
  bool skipping; /* the rest of a line that was too long */
};

static void refuse(const struct resident *resident, const char *id, const char *text) {
  tell(resident->events, "refused %s %s", id, text);
}

static struct entry *find(struct resident *resident, const char *id) {
  for (size_t i = 0; i < resident->count; i++) {
    if (strcmp(resident->entries[i]->id, id) == 0) return resident->entries[i];
  }
  return NULL;
}

static void forget(struct resident *resident, size_t index) {
  struct entry *entry = resident->entries[index];
  resident->entries[index] = resident->entries[--resident->count];
  free(entry->id);
  free(entry->spec_path);
  free(entry);
}

static void signal_child(struct entry *entry, int signal) {
  entry->signals |= UINT64_C(1) << signal;
  kill(entry->child, signal);
}

/* False: there is no process to be had. */
static bool start_child(struct resident *resident, struct entry *entry, bool supervisor) {
  pid_t agent_side = getpid();
  pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    close(resident->requests);
    close(resident->signals);
    dup2(STDIN_FILENO, STDERR_FILENO);
    if (supervisor) {
      setsid();
      struct ending ending;
      _exit(supervise(entry->id, entry->spec_path, resident->events, agent_side, &ending));
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != agent_side) _exit(1);
    _exit(attach(entry->id, entry->spec_path, resident->events));
  }
  entry->child = child;
  for (int signal = 1; signal < 64; signal++) {
    if (entry->signals >> signal & 1) kill(child, signal);
  }
  return true;
}

static void add(struct resident *resident, const char *id, const char *spec_path, bool supervisor) {
  if (find(resident, id) != NULL) return refuse(resident, id, "this container is known already");
  if (resident->count == MAX_CONTAINERS) return refuse(resident, id, "too many containers");
  struct entry *entry = calloc(1, sizeof *entry);
  if (entry == NULL) return refuse(resident, id, "no memory");
  resident->entries[resident->count++] = entry;
  entry->id = strdup(id);
  entry->spec_path = strdup(spec_path);
  if (entry->id != NULL && entry->spec_path != NULL && start_child(resident, entry, supervisor)) return;
  refuse(resident, id, strerror(errno));
  forget(resident, resident->count - 1);
}

static void control(const struct resident *resident, struct entry *entry, const char *id, const char *signal_text) {
  uint64_t signal;
  if (entry == NULL) refuse(resident, id, "no such container");
  else if (signal_text == NULL) signal_child(entry, SIG_KILL_ALL);
  else if (parse_number(signal_text, 63, &signal) && is_forwarded((int)signal)) signal_child(entry, (int)signal);
  else refuse(resident, id, "not a signal that is handed on");
}

/* run ID PATH | attach ID PATH | signal ID NUMBER | kill ID */
static void obey(struct resident *resident, char *line) {
  char *verb = strsep(&line, " ");
  char *id = strsep(&line, " ");
  if (id == NULL || !valid_id(id)) return refuse(resident, "-", "not a request with a container's id");
  bool runs = strcmp(verb, "run") == 0;
  if (runs || strcmp(verb, "attach") == 0) {
    if (line == NULL || *line != '/' || strlen(line) >= PATH_MAX) return refuse(resident, id, "not an absolute path");
    add(resident, id, line, runs);
  } else if (strcmp(verb, "signal") == 0 && line != NULL) {
    control(resident, find(resident, id), id, line);
  } else if (strcmp(verb, "kill") == 0 && line == NULL) {
    control(resident, find(resident, id), id, NULL);
  } else {
    refuse(resident, id, "unknown request");
  }
}

static void take_byte(struct resident *resident, char byte) {
  if (byte != '\n') {
    if (resident->length < sizeof resident->line - 1) resident->line[resident->length++] = byte;
    else resident->skipping = true;
    return;
  }
  resident->line[resident->length] = '\0';
  if (resident->skipping) refuse(resident, "-", "the line is too long");
  else if (strlen(resident->line) != resident->length) refuse(resident, "-", "the line has a NUL");
  else obey(resident, resident->line);
  resident->length = 0;
  resident->skipping = false;
}

/* False: the agent is gone. */
static bool hear_requests(struct resident *resident) {
  char bytes[65536];
  ssize_t got = read(resident->requests, bytes, sizeof bytes);
  for (ssize_t i = 0; i < got; i++) take_byte(resident, bytes[i]);
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

/* A child that does not end well leaves the container to an attacher, which finds out what is the case. */
static void child_ended(struct resident *resident, size_t index, int status) {
  struct entry *entry = resident->entries[index];
  bool told = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!told && entry->attempts++ < MOST_ATTEMPTS && start_child(resident, entry, false)) return;
  if (!told) tell(resident->events, "exited v=1 id=%s outcome=lost text=the launcher cannot watch it", entry->id);
  forget(resident, index);
}

static void reap(struct resident *resident) {
  struct signalfd_siginfo info;
  while (read(resident->signals, &info, sizeof info) == sizeof info) continue;
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0; ) {
    for (size_t i = 0; i < resident->count; i++) {
      if (resident->entries[i]->child != pid) continue;
      child_ended(resident, i, status);
      break;
    }
  }
}

/* Ends when the requests do: containers that are to die with the agent see this process go. */
int serve(void) {
  static struct resident resident;
  resident.requests = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  resident.events = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  resident.signals = signalfd(-1, handled_signals(), SFD_CLOEXEC | SFD_NONBLOCK);
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (resident.requests < 0 || resident.events < 0 || resident.signals < 0 || nothing < 0) return 1;
  dup2(nothing, STDIN_FILENO);
  dup2(nothing, STDOUT_FILENO);
  fcntl(resident.events, F_SETPIPE_SZ, PIPE_BYTES);
  set_slice(SHORT_SLICE_NS);
  tell(resident.events, "perigee-launcher %d", PROTOCOL_VERSION);
  for (;;) {
    struct pollfd inputs[] = {{.fd = resident.signals, .events = POLLIN}, {.fd = resident.requests, .events = POLLIN}};
    poll(inputs, 2, -1);
    if (inputs[0].revents != 0) reap(&resident);
    if (inputs[1].revents != 0 && !hear_requests(&resident)) return 0;
  }
}
