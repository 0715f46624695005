/*
 * Reads a specification: NUL-ended "key=value" entries. An unknown key is refused, since an older launcher must not run
 * half of what a newer agent asked for.
 */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool add(struct list *list, char *value) {
  list->items[list->count++] = value;
  return true;
}

static bool once(const char **field, const char *value) {
  if (*field != NULL) return false;
  *field = value;
  return true;
}

static bool path_once(const char **field, const char *value) { return *value == '/' && once(field, value); }

static bool add_path(struct list *list, char *value) { return *value == '/' && add(list, value); }

/* The kernel's "no such id" is no id. */
static bool take_id(uint32_t *field, const char *value) {
  uint64_t number;
  if (!parse_number(value, UINT32_MAX - 1, &number)) return false;
  *field = (uint32_t)number;
  return true;
}

static bool take_namespace(struct spec *spec, const char *value) {
  if (strcmp(value, "pid") == 0) spec->namespaces |= CLONE_NEWPID;
  else if (strcmp(value, "mount") == 0) spec->namespaces |= CLONE_NEWNS;
  else if (strcmp(value, "ipc") == 0) spec->namespaces |= CLONE_NEWIPC;
  else return false;
  return true;
}

static bool take_limit_value(rlim_t *field, const char *text) {
  uint64_t number = RLIM_INFINITY;
  if (strcmp(text, "-") != 0 && !parse_number(text, RLIM_INFINITY, &number)) return false;
  *field = number;
  return true;
}

/* "<resource> <soft> <hard>": the kernel's number of the resource, "-" for no limit. */
static bool take_limit(struct spec *spec, const char *value) {
  char resource[24], soft[24], hard[24], rest;
  uint64_t number;
  if (spec->limit_count == RLIM_NLIMITS) return false;
  struct limit *limit = &spec->limits[spec->limit_count++];
  if (sscanf(value, "%23s %23s %23s %c", resource, soft, hard, &rest) != 3) return false;
  if (!parse_number(resource, RLIM_NLIMITS - 1, &number)) return false;
  limit->resource = (int)number;
  return take_limit_value(&limit->values.rlim_cur, soft) && take_limit_value(&limit->values.rlim_max, hard);
}

/* False: an unknown key, or a value that the key does not take. */
static bool take(struct spec *spec, const char *key, char *value) {
  if (strcmp(key, "argv") == 0) return add(&spec->argv, value);
  if (strcmp(key, "env") == 0) return strchr(value, '=') != NULL && add(&spec->env, value);
  if (strcmp(key, "id") == 0) return valid_id(value) && once(&spec->id, value);
  if (strcmp(key, "executable") == 0) return *value != '\0' && once(&spec->executable, value);
  if (strcmp(key, "cwd") == 0) return path_once(&spec->cwd, value);
  if (strcmp(key, "stdout") == 0) return path_once(&spec->out, value);
  if (strcmp(key, "stderr") == 0) return path_once(&spec->err, value);
  if (strcmp(key, "uid") == 0) return spec->has_uid = take_id(&spec->uid, value);
  if (strcmp(key, "gid") == 0) return spec->has_gid = take_id(&spec->gid, value);
  if (strcmp(key, "group") == 0) return take_id(&spec->groups[spec->group_count++], value);
  if (strcmp(key, "namespace") == 0) return take_namespace(spec, value);
  if (strcmp(key, "cgroup") == 0) return add_path(&spec->cgroups, value);
  if (strcmp(key, "write") == 0) return spec->writes.count == spec->values.count && add_path(&spec->writes, value);
  if (strcmp(key, "value") == 0) return spec->writes.count == spec->values.count + 1 && add(&spec->values, value);
  if (strcmp(key, "join") == 0) return add_path(&spec->joins, value);
  if (strcmp(key, "oom_file") == 0) return path_once(&spec->oom_file, value);
  if (strcmp(key, "cpu_file") == 0) return path_once(&spec->cpu_file, value);
  if (strcmp(key, "kill_file") == 0) return path_once(&spec->kill_file, value);
  if (strcmp(key, "rlimit") == 0) return take_limit(spec, value);
  if (strcmp(key, "die_with_agent") == 0) return spec->die_with_agent = strcmp(value, "1") == 0;
  return false;
}

static bool make_lists(struct spec *spec, size_t entries) {
  struct list *lists[] = {&spec->argv,   &spec->env,    &spec->cgroups,
                          &spec->writes, &spec->values, &spec->joins};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    lists[i]->items = calloc(entries + 1, sizeof(char *));
    if (lists[i]->items == NULL) return false;
  }
  spec->groups = calloc(entries + 1, sizeof *spec->groups);
  return spec->groups != NULL;
}

/* The file's bytes and their number, or NULL with errno set. */
static char *load(const char *path, size_t *size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return NULL;
  struct stat status;
  char *bytes = NULL;
  if (fstat(fd, &status) == 0 && !S_ISREG(status.st_mode)) {
    errno = EINVAL;
  } else if (status.st_size > MAX_SPEC_BYTES) {
    errno = EFBIG;
  } else if ((bytes = malloc((size_t)status.st_size + 2)) != NULL) {
    ssize_t length = read_file(AT_FDCWD, path, bytes, (size_t)status.st_size + 2);
    *size = length > 0 ? (size_t)length : 0;
  }
  int error = errno;
  close(fd);
  errno = error;
  return bytes;
}

static const char *parse(struct spec *spec, size_t size) {
  size_t entries = 0;
  for (size_t i = 0; i < size; i++) entries += spec->bytes[i] == '\0';
  if (size == 0 || spec->bytes[size - 1] != '\0') return "the specification is empty or cut off";
  if (entries > MAX_SPEC_ENTRIES) return "the specification has too many entries";
  if (!make_lists(spec, entries)) return "no memory for the specification";
  for (char *entry = spec->bytes; entry < spec->bytes + size; ) {
    char *next = entry + strlen(entry) + 1;
    char *equals = strchr(entry, '=');
    if (equals == NULL) return "the specification has an entry without '='";
    *equals = '\0';
    if (!take(spec, entry, equals + 1)) {
      static char text[128];
      snprintf(text, sizeof text, "the specification has an entry that this launcher does not take: %.40s", entry);
      return text;
    }
    entry = next;
  }
  if (spec->id == NULL) return "the specification has no id";
  if (spec->argv.count == 0) return "the specification has no argv";
  if (spec->has_uid != spec->has_gid) return "the specification has one of uid and gid";
  if (spec->group_count > 0 && !spec->has_uid) return "the specification has groups without uid";
  if (spec->writes.count != spec->values.count) return "the specification has a write without value";
  if (spec->executable == NULL) spec->executable = spec->argv.items[0];
  return NULL;
}

/* NULL, or what is wrong. The specification is to be freed in any case. */
const char *read_spec(const char *path, struct spec *spec) {
  memset(spec, 0, sizeof *spec);
  size_t size = 0;
  spec->bytes = load(path, &size);
  return spec->bytes == NULL ? strerror(errno) : parse(spec, size);
}

void free_spec(struct spec *spec) {
  free(spec->argv.items);
  free(spec->env.items);
  free(spec->cgroups.items);
  free(spec->writes.items);
  free(spec->values.items);
  free(spec->joins.items);
  free(spec->groups);
  free(spec->bytes);
}
