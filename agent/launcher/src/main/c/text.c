/* Small input and output that every other file needs. */
#include "launcher.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool write_all(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(fd, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    size -= (size_t)written;
  }
  return true;
}

/* Reads at most size - 1 bytes and ends them with NUL. The number of bytes, or -1. */
ssize_t read_file(int dir, const char *path, char *buffer, size_t size) {
  int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  size_t length = 0;
  ssize_t got;
  while (length < size - 1 && (got = read(fd, buffer + length, size - 1 - length)) != 0) {
    if (got > 0) {
      length += (size_t)got;
    } else if (errno != EINTR) {
      close(fd);
      return -1;
    }
  }
  close(fd);
  buffer[length] = '\0';
  return (ssize_t)length;
}

/* Writes into a file of the kernel: one write, nothing created. */
bool write_file(const char *path, const char *value) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t written = write(fd, value, strlen(value));
  int error = errno;
  close(fd);
  errno = error;
  return written >= 0;
}

/* Digits alone, and no number above the given one. */
bool parse_number(const char *text, uint64_t most, uint64_t *number) {
  if (!isdigit((unsigned char)*text)) return false;
  char *end;
  errno = 0;
  *number = strtoull(text, &end, 10);
  return errno == 0 && *end == '\0' && *number <= most;
}

/*
 * Sends one event. Lines of several processes never mix: each is one write of less than PIPE_BUF bytes. Nobody may be
 * listening any more, which is no error: what matters is in the container's folder.
 */
void tell(int fd, const char *format, ...) {
  char line[MAX_RECORD + MAX_ID + 64];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  va_end(arguments);
  if (fd < 0 || length < 0) return;
  size_t size = (size_t)length < sizeof line - 1 ? (size_t)length : sizeof line - 2;
  line[size] = '\n';
  write_all(fd, line, size + 1);
}

/* Letters, digits, '.', '_' and '-', the first no '.': a file name and a word in every protocol. */
bool valid_id(const char *id) {
  size_t length = strlen(id);
  if (length == 0 || length > MAX_ID || id[0] == '.') return false;
  for (const char *at = id; *at != '\0'; at++) {
    if (!isalnum((unsigned char)*at) && strchr("._-", *at) == NULL) return false;
  }
  return true;
}
