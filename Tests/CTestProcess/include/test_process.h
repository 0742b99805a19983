/* Pseudo-terminals and processes for the tests: glibc shows Swift neither. */
#ifndef GATESCOPE_TEST_PROCESS_H
#define GATESCOPE_TEST_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

/* Opens the master of a new pseudo-terminal, non-blocking and not inherited; the slave's path goes to
 * `name`. Returns the descriptor, or -1 with errno. */
int test_open_terminal(char *name, size_t capacity);

struct test_child {
  const char *executable;
  char *const *arguments;
  char *const *environment;
  /* NULL for this process's own. */
  const char *folder;
  /* Paths that become descriptors 0, 1 and 2; the same terminal three times where `is_session`. */
  const char *input, *output, *error;
  /* A session of its own, with `input` as the controlling terminal. */
  int is_session;
};

/* Starts a process with every signal at its default. Returns its id, or -1 with errno. */
pid_t test_spawn(const struct test_child *child);

#endif
