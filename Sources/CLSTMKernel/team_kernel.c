#if defined(__linux__)
#define _GNU_SOURCE /* sched_getaffinity */
#endif

#include "team_kernel.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "batch_kernel.h"
#include "lstm_kernel.h"
#include "team.h"

enum state { state_rest, state_work, state_quit };

/* Turns of waiting after which the helper sleeps, some tens of microseconds: longer than what lies
 * between two blocks of steps. */
enum { turns_before_sleep = 2000 };

/* Turns after which the caller lets others run, should the helper have been put aside. */
enum { turns_before_yield = 2000 };

/* Turns of waiting after which the caller does the helper's part, should nobody have begun it. */
enum { turns_of_patience = 32 };

/* A wait of that long, in nanoseconds, which is also half of what a phase takes or more, is none for
 * a part: the processors are busy with something else. Then work is done alone for so many times as
 * long. */
enum { longest_wait = 200000, times_alone = 8 };

struct job {
  gs_phase_function work;
  const void *context;
  uint64_t first; /* the number of its first phase */
};

/* Phases are counted from 1, over all jobs; a part of one begins when both parts of the one before
 * are done. The caller does the first part. The second belongs to whoever raises `claimed` to the
 * phase's number: nearly always the helper, or the caller if it has waited in vain. `job` is read
 * after that only, when the caller cannot have gone on, so it needs no atomics.
 *
 * What two threads write stands in cache lines of its own. */
struct gs_team {
  /* Written by the caller: the last phase of the job, and the last whose first part is done. */
  _Alignas(64) _Atomic uint64_t posted;
  struct job job;
  _Alignas(64) _Atomic uint64_t own;
  /* The last phase whose second part the caller has done. */
  _Atomic uint64_t taken_over;
  _Alignas(64) _Atomic uint64_t claimed;
  /* Written by the helper: the last phase whose second part it has done. */
  _Alignas(64) _Atomic uint64_t helped;
  _Alignas(64) _Atomic int state;
  _Atomic int is_asleep;
  /* The caller's own: the next phase's number, and until when it works alone, or 0. */
  uint64_t next;
  int64_t alone_until;
  pthread_mutex_t mutex;
  pthread_cond_t condition;
  pthread_t thread;
};

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Where the helper is: the next phase that it looks out for, and the last one that it did. */
struct place {
  uint64_t next, done;
};

/* Does the second part of the next phase; 0 where it cannot begin yet. */
static int help(struct gs_team *team, struct place *place) {
  uint64_t before = place->next - 1;
  if (atomic_load_explicit(&team->posted, memory_order_acquire) < place->next) return 0;
  if (atomic_load_explicit(&team->own, memory_order_acquire) < before) return 0;
  if (place->done < before &&
      atomic_load_explicit(&team->taken_over, memory_order_acquire) < before) return 0;
  uint64_t claimed = before;
  if (atomic_compare_exchange_strong(&team->claimed, &claimed, place->next)) {
    struct job job = team->job;
    job.work(job.context, place->next - job.first, 1, 2);
    atomic_store_explicit(&team->helped, place->next, memory_order_release);
    place->done = place->next++;
  } else {
    place->next = claimed + 1;
  }
  return 1;
}

static void sleep_until_woken(struct gs_team *team) {
  pthread_mutex_lock(&team->mutex);
  atomic_store(&team->is_asleep, 1);
  while (atomic_load(&team->state) == state_rest) {
    pthread_cond_wait(&team->condition, &team->mutex);
  }
  atomic_store(&team->is_asleep, 0);
  pthread_mutex_unlock(&team->mutex);
}

static void *helper(void *argument) {
  struct gs_team *team = argument;
  struct place place = {.next = 1};
  unsigned turns = 0;
  for (;;) {
    if (help(team, &place)) {
      turns = 0;
      continue;
    }
    int state = atomic_load_explicit(&team->state, memory_order_relaxed);
    if (state == state_quit) return NULL;
    if (state == state_work || turns < turns_before_sleep) {
      turns = state == state_work ? 0 : turns + 1;
      pause_briefly();
    } else {
      sleep_until_woken(team);
      turns = 0;
    }
  }
}

int gs_processors(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

/* Whether so many threads want the processors that a second one of ours would only wait, and be
 * waited for. */
static int is_crowded(void) {
#if defined(__linux__)
  FILE *file = fopen("/proc/loadavg", "r");
  if (file == NULL) return 0;
  int running = 0;
  int found = fscanf(file, "%*f %*f %*f %d/", &running);
  fclose(file);
  return found == 1 && running > 2 * sysconf(_SC_NPROCESSORS_ONLN);
#else
  return 0;
#endif
}

struct gs_team *gs_team_create(void) {
  return gs_processors() < 2 || is_crowded() ? NULL : gs_team_create_always();
}

struct gs_team *gs_team_create_always(void) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, sizeof(struct gs_team)) != 0) return NULL;
  struct gs_team *team = memory;
  *team = (struct gs_team){.next = 1};
  pthread_mutex_init(&team->mutex, NULL);
  pthread_cond_init(&team->condition, NULL);
  /* The program's signals are the caller's business. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failed = pthread_create(&team->thread, NULL, helper, team);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (failed) {
    pthread_cond_destroy(&team->condition);
    pthread_mutex_destroy(&team->mutex);
    free(team);
    return NULL;
  }
  return team;
}

static void set_state(struct gs_team *team, enum state state) {
  atomic_store(&team->state, state);
  if (!atomic_load(&team->is_asleep)) return;
  pthread_mutex_lock(&team->mutex);
  pthread_cond_signal(&team->condition);
  pthread_mutex_unlock(&team->mutex);
}

void gs_team_destroy(struct gs_team *team) {
  if (team == NULL) return;
  set_state(team, state_quit);
  pthread_join(team->thread, NULL);
  pthread_cond_destroy(&team->condition);
  pthread_mutex_destroy(&team->mutex);
  free(team);
}

void gs_team_wake(struct gs_team *team) {
  /* A helper that waits in vain takes time from the caller where both share a processor. */
  if (team != NULL && team->alone_until == 0) set_state(team, state_work);
}

void gs_team_rest(struct gs_team *team) {
  if (team != NULL) atomic_store_explicit(&team->state, state_rest, memory_order_relaxed);
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Waits for the second part of a phase; 0 where the caller has to do it. `posted` says when the job
 * was. */
static int wait_for(struct gs_team *team, uint64_t phase, unsigned patience, int64_t posted) {
  int64_t start = 0;
  unsigned turns = 0;
  while (atomic_load_explicit(&team->helped, memory_order_acquire) < phase) {
    if (turns == patience) {
      uint64_t before = phase - 1;
      if (atomic_compare_exchange_strong(&team->claimed, &before, phase)) return 0;
    }
    pause_briefly();
    if (++turns % turns_before_yield == 0) {
      if (start == 0) start = nanoseconds();
      sched_yield();
    }
  }
  if (start != 0) {
    int64_t now = nanoseconds();
    int64_t phases = (int64_t)(phase - team->job.first) + 1;
    if (now - start > longest_wait && now - start > (now - posted) / phases / 2) {
      gs_team_rest(team);
      team->alone_until = now + times_alone * (now - start);
    }
  }
  return 1;
}

/* Whether the next job is shared. */
static int is_shared(struct gs_team *team) {
  if (team == NULL) return 0;
  if (team->alone_until != 0 && nanoseconds() >= team->alone_until) team->alone_until = 0;
  return team->alone_until == 0;
}

void gs_team_run(
  struct gs_team *team, gs_phase_function work, const void *context, size_t phases) {
  if (!is_shared(team)) {
    for (size_t phase = 0; phase < phases; phase++) work(context, phase, 0, 1);
    return;
  }
  uint64_t first = team->next;
  team->next += phases;
  team->job = (struct job){work, context, first};
  atomic_store_explicit(&team->posted, first + phases - 1, memory_order_release);
  unsigned patience = turns_of_patience;
  int64_t posted = nanoseconds();
  for (size_t phase = 0; phase < phases; phase++) {
    work(context, phase, 0, 2);
    atomic_store_explicit(&team->own, first + phase, memory_order_release);
    if (wait_for(team, first + phase, patience, posted)) {
      patience = turns_of_patience;
    } else {
      work(context, phase, 1, 2);
      atomic_store_explicit(&team->taken_over, first + phase, memory_order_release);
      patience = 0;
    }
  }
}

struct rows_product {
  const float *packed, *x;
  float *y;
  size_t rows, columns, x_stride, count, y_stride;
  int accumulate;
};

static void multiply_rows(const void *context, size_t phase, int part, int parts) {
  (void)phase;
  const struct rows_product *p = context;
  size_t panels = gs_padded(p->rows) / gs_panel, middle = (panels - panels / 2) * gs_panel;
  size_t first = part == 0 ? 0 : middle;
  size_t end = parts == 2 && part == 0 ? middle : p->rows;
  gs_multiply_rows(
    p->packed + first * p->columns, end - first, p->columns, p->x, p->x_stride, p->count,
    p->y + first, p->y_stride, p->accumulate);
}

void gs_team_multiply_rows(
  struct gs_team *team, const float *packed, size_t rows, size_t columns, const float *x,
  size_t x_stride, size_t count, float *y, size_t y_stride, int accumulate) {
  struct rows_product product = {
    .packed = packed, .x = x, .y = y, .rows = rows, .columns = columns, .x_stride = x_stride,
    .count = count, .y_stride = y_stride, .accumulate = accumulate};
  gs_team_run(rows <= gs_panel ? NULL : team, multiply_rows, &product, 1);
}
