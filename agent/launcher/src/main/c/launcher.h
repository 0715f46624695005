/*
 * perigee-launcher: runs one container's processes and tells exactly how they ended. README.md has the processes, files
 * and the protocol; this header has what the files share. Linux only.
 */
#ifndef PERIGEE_LAUNCHER_H
#define PERIGEE_LAUNCHER_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>

#define PROTOCOL_VERSION 1

/* Bounds. Every request outside of them is refused with a text. */
#define MAX_CONTAINERS 8192        /* known to one resident at a time */
#define MAX_ID 255                 /* a file name */
#define MAX_LINE (PATH_MAX + 512)  /* a request: verb, id, path */
#define MAX_SPEC_BYTES (8u << 20)  /* the kernel takes at most 6 MB of arguments and environment (execve(2)) */
#define MAX_SPEC_ENTRIES 65536
#define MAX_STAGE 24
#define MAX_TEXT 512
#define MAX_RECORD 1536            /* one line; an event must fit into PIPE_BUF (4096) to be written whole */

/* Exit status of a supervisor that left the container to whoever has the folder already (EX_TEMPFAIL of sysexits.h). */
#define FOLDER_TAKEN 75

/* Newer than the headers of some build machines; the numbers are the same on every architecture. */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/*
 * Asks a supervisor, its init or an attacher to kill the whole container. A fixed real-time signal and no SIGRTMIN + n:
 * libraries count differently, and a supervisor may have been built years before the agent that signals it.
 */
#define SIG_KILL_ALL 40

/* A list of texts that live in the specification's bytes. */
struct list {
  char **items; /* ends with NULL */
  size_t count;
};

struct limit {
  int resource;
  struct rlimit values;
};

struct spec {
  char *bytes;
  const char *id;
  const char *executable; /* argv[0] unless given */
  struct list argv, env;
  const char *cwd, *out, *err; /* NULL: "/", /dev/null, /dev/null */
  bool has_uid, has_gid; /* both or none; none: the launcher's own user */
  uid_t uid;
  gid_t gid;
  gid_t *groups;
  size_t group_count;
  int namespaces;       /* CLONE_NEW... */
  struct list cgroups;  /* directories to create, parents first */
  struct list writes;   /* files to write once the directories are made */
  struct list values;   /* one for each of them */
  struct list joins;    /* files into which the task writes "0" */
  const char *oom_file, *cpu_file, *kill_file; /* NULL: none */
  struct limit limits[RLIM_NLIMITS];
  size_t limit_count;
  bool die_with_agent;
};

/* How a container ended; becomes one line of text. */
struct ending {
  enum { EXITED, SIGNALED, FAILED, LOST } outcome;
  int code; /* exit code or signal number */
  bool core_dumped, oom_killed;
  uint64_t user_us, system_us, max_rss_bytes;
  uint64_t started_ns, ended_ns; /* wall clock; 0: unknown */
  unsigned left_processes, left_cgroups;
  char stage[MAX_STAGE]; /* of FAILED */
  char text[MAX_TEXT];   /* of FAILED and LOST */
};

/* A container's folder: the lock, the two files, and who they speak of. */
struct folder {
  int dir;
  int pids;   /* the file "pid", locked by the one who owns the container */
  int record; /* "exit.new", its blocks reserved */
};

/* The file "pid". A start is in clock ticks since boot, 0: unknown. */
struct pids {
  pid_t supervisor, task, init;
  uint64_t supervisor_start, task_start;
};

/* What a task says before it becomes the program: stage is empty when all is ready, else what failed. */
struct report {
  uint64_t start;
  char stage[MAX_STAGE];
  char text[MAX_TEXT];
};

/* What an init says at the end. */
struct verdict {
  int wait_status;
  unsigned left_processes;
};

/* text.c: small input and output */
bool write_all(int fd, const char *bytes, size_t size);
ssize_t read_file(int dir, const char *path, char *buffer, size_t size);
bool write_file(const char *path, const char *value);
bool parse_number(const char *text, uint64_t most, uint64_t *number);
void tell(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool valid_id(const char *id);

/* spec.c */
const char *read_spec(const char *path, struct spec *spec);
void free_spec(struct spec *spec);

/* record.c */
const char *open_folder(const char *path, struct folder *folder);
bool read_pids(const struct folder *folder, struct pids *pids);
bool note_supervisor(const struct folder *folder);
bool note_task(const struct folder *folder, const struct pids *pids);
bool reserve_record(struct folder *folder);
void lose(struct ending *ending, const char *text);
void fail(struct ending *ending, const char *stage, const char *text);
bool save_and_tell(struct folder *folder, const char *id, const struct ending *ending, int events);
bool retell_record(const struct folder *folder, int events);

/* process.c */
uint64_t start_of(pid_t pid);
uint64_t own_start(void);
size_t descendants(pid_t root, pid_t **found);
unsigned signal_descendants(int signal);
unsigned kill_descendants(const char *kill_file);
const sigset_t *handled_signals(void);
bool is_forwarded(int signal);
uint64_t wall_nanos(void);
void set_slice(uint64_t nanos);

/* cgroup.c */
const char *make_cgroups(struct spec *spec, char *text, size_t size);
void read_figures(const struct spec *spec, struct ending *ending);
void kill_cgroups(const struct spec *spec);
unsigned remove_cgroups(const struct spec *spec);

/* the processes: task.c, init.c, supervisor.c, attacher.c, resident.c; and probe.c */
_Noreturn void give_up(int report, const char *stage, const char *what);
_Noreturn void task_main(const struct spec *spec, int report);
_Noreturn void init_main(const struct spec *spec, int report, int verdict);
int supervise(const char *id, const char *spec_path, int events, pid_t agent, struct ending *ending);
int attach(const char *id, const char *spec_path, int events);
int serve(void);
int probe(void);

#endif
