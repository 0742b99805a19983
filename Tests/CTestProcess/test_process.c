#define _GNU_SOURCE
#define _DARWIN_C_SOURCE
#include "test_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/spawn.h>
#endif

int test_open_terminal(char *name, size_t capacity) {
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0) return -1;
  /* Another test's child must not hold it open: a hangup would not be one. */
  fcntl(master, F_SETFD, FD_CLOEXEC);
  fcntl(master, F_SETFL, O_NONBLOCK);
  const char *slave;
  if (grantpt(master) != 0 || unlockpt(master) != 0 || (slave = ptsname(master)) == NULL) {
    int code = errno;
    close(master);
    errno = code;
    return -1;
  }
  snprintf(name, capacity, "%s", slave);
  return master;
}

pid_t test_spawn(const struct test_child *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  /* What the leader of a new session opens becomes its controlling terminal. */
  posix_spawn_file_actions_addopen(
      &actions, 0, child->input, child->is_session ? O_RDWR : O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, child->output, O_RDWR | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, child->error, O_RDWR | O_CREAT, 0600);
  if (child->folder != NULL) posix_spawn_file_actions_addchdir_np(&actions, child->folder);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                       (child->is_session ? POSIX_SPAWN_SETSID : 0));
  pid_t process;
  int code = posix_spawn(
      &process, child->executable, &actions, &attributes, child->arguments, child->environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (code == 0) return process;
  errno = code;
  return -1;
}
