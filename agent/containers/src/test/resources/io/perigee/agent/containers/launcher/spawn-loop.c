/* Yardstick of LaunchBenchmark: microseconds of one fork, exec of /bin/true and wait. Argument: how many. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **arguments) {
  int launches = count > 1 ? atoi(arguments[1]) : 200;
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  for (int i = 0; i < launches; i++) {
    if (fork() == 0) {
      execl("/bin/true", "true", (char *)NULL);
      _exit(1);
    }
    wait(NULL);
  }
  clock_gettime(CLOCK_MONOTONIC, &to);
  printf("%.0f\n", ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / 1e3 / launches);
  return 0;
}
