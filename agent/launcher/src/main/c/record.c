/*
 * A container's folder. "pid" is the lock and says whom to signal; "exit" is the record of the end, one line.
 *
 * The record is not synced to the disk: it has to survive the agent and the launcher, which the page cache does, and a
 * power cut takes the processes along anyway. Its blocks are reserved at the start, so that a disk that is full at the
 * end takes nothing away. It appears by rename and its line ends with a newline: whoever reads it reads all of it.
 */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* NULL, or what is wrong. The lock is not taken yet. */
const char *open_folder(const char *spec_path, struct folder *folder) {
  *folder = (struct folder){-1, -1, -1};
  char path[PATH_MAX];
  const char *slash = strrchr(spec_path, '/');
  if (slash == NULL || spec_path[0] != '/' || strlen(spec_path) >= sizeof path) return "not an absolute path";
  memcpy(path, spec_path, (size_t)(slash - spec_path) + 1);
  path[slash - spec_path + 1] = '\0';
  folder->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder->dir < 0) return strerror(errno);
  folder->pids = openat(folder->dir, "pid", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  return folder->pids < 0 ? strerror(errno) : NULL;
}

/* False: nobody has noted itself yet. A task of 0: it has not started yet. */
bool read_pids(const struct folder *folder, struct pids *pids) {
  char text[256];
  memset(pids, 0, sizeof *pids);
  ssize_t length = pread(folder->pids, text, sizeof text - 1, 0);
  if (length <= 0) return false;
  text[length] = '\0';
  char *end = strchr(text, '\n');
  if (end == NULL || sscanf(text, "supervisor %d %lu", &pids->supervisor, &pids->supervisor_start) != 2) return false;
  if (strchr(end + 1, '\n') != NULL
      && sscanf(end + 1, "task %d %lu init %d", &pids->task, &pids->task_start, &pids->init) != 3) {
    pids->task = 0;
  }
  return true;
}

bool note_supervisor(const struct folder *folder) {
  char line[64];
  int length = snprintf(line, sizeof line, "supervisor %d %lu\n", getpid(), own_start());
  return pwrite(folder->pids, line, (size_t)length, 0) == length;
}

/* Adds the task to what the supervisor noted of itself. */
bool note_task(const struct folder *folder, const struct pids *pids) {
  char line[96];
  int length = snprintf(line, sizeof line, "task %d %lu init %d\n", pids->task, pids->task_start, pids->init);
  return pwrite(folder->pids, line, (size_t)length, lseek(folder->pids, 0, SEEK_END)) == length;
}

bool reserve_record(struct folder *folder) {
  char blank[MAX_RECORD];
  memset(blank, ' ', sizeof blank);
  folder->record = openat(folder->dir, "exit.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  return folder->record >= 0 && write_all(folder->record, blank, sizeof blank);
}

/* Texts share a line with other things. */
static void copy_line(char *target, size_t size, const char *text) {
  snprintf(target, size, "%s", text);
  for (char *at = target; *at != '\0'; at++) {
    if ((unsigned char)*at < ' ') *at = '?';
  }
}

void lose(struct ending *ending, const char *text) {
  ending->outcome = LOST;
  copy_line(ending->text, sizeof ending->text, text);
}

void fail(struct ending *ending, const char *stage, const char *text) {
  ending->outcome = FAILED;
  copy_line(ending->stage, sizeof ending->stage, stage);
  copy_line(ending->text, sizeof ending->text, text);
}

/* One line without its end: words first, a text to the end of the line last. */
static size_t format_record(char *line, size_t size, const char *id, const struct ending *ending) {
  char outcome[MAX_STAGE + 64];
  switch (ending->outcome) {
    case EXITED: snprintf(outcome, sizeof outcome, "outcome=exited code=%d", ending->code); break;
    case SIGNALED:
      snprintf(outcome, sizeof outcome, "outcome=signaled signal=%d core=%d", ending->code, ending->core_dumped);
      break;
    case FAILED: snprintf(outcome, sizeof outcome, "outcome=failed stage=%s", ending->stage); break;
    case LOST: snprintf(outcome, sizeof outcome, "outcome=lost"); break;
  }
  int length = snprintf(line, size,
      "v=1 id=%s %s oom=%d user_us=%lu system_us=%lu max_rss_bytes=%lu started_ns=%lu ended_ns=%lu"
      " left_processes=%u left_cgroups=%u%s%s",
      id, outcome, ending->oom_killed, ending->user_us, ending->system_us, ending->max_rss_bytes, ending->started_ns,
      ending->ended_ns, ending->left_processes, ending->left_cgroups, ending->text[0] != '\0' ? " text=" : "",
      ending->text);
  return (size_t)length < size ? (size_t)length : size - 1;
}

static const char *verb_of(bool failed) { return failed ? "failed" : "exited"; }

/*
 * Writes the record, then tells the agent. False: the record could not be written; the agent was told nevertheless. A
 * folder without reserved blocks gets what the disk has; without a folder it is only told.
 */
bool save_and_tell(struct folder *folder, const char *id, const struct ending *ending, int events) {
  char line[MAX_RECORD];
  size_t length = format_record(line, sizeof line - 1, id, ending);
  line[length] = '\n';
  bool saved = folder != NULL && (folder->record >= 0 || reserve_record(folder))
      && pwrite(folder->record, line, length + 1, 0) == (ssize_t)length + 1
      && ftruncate(folder->record, (off_t)length + 1) == 0
      && renameat(folder->dir, "exit.new", folder->dir, "exit") == 0;
  line[length] = '\0';
  tell(events, "%s %s", verb_of(ending->outcome == FAILED), line);
  return saved;
}

/* Tells the agent of a record that is there already. False: there is none. */
bool retell_record(const struct folder *folder, int events) {
  char line[MAX_RECORD + 1];
  ssize_t length = read_file(folder->dir, "exit", line, sizeof line);
  if (length <= 0 || line[length - 1] != '\n') return false;
  line[length - 1] = '\0';
  tell(events, "%s %s", verb_of(strstr(line, " outcome=failed ") != NULL), line);
  return true;
}
