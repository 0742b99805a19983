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
#include "chosen.h"
#include "lstm_kernel.h"

enum state { state_rest, state_work, state_quit };

/* Turns of waiting after which the helper sleeps, some tens of microseconds: longer than what lies
 * between two blocks of steps. */
enum { turns_before_sleep = 2000 };

/* Turns after which the caller lets others run, should the helper have been put aside. */
enum { turns_before_yield = 2000 };

/* A wait of that long, in nanoseconds, is none for a panel: the processors are busy with something
 * else, and the next products are computed alone. How many, grows eightfold each time up to a limit,
 * and is the least again after so many good products. */
enum { longest_wait = 200000, least_alone = 256, most_alone = 16384, good_products = 1024 };

/* What a product takes. Each field is atomic, since a helper may read them while the caller writes
 * the next product's: then it finds `panels` changed and does not use what it has read. */
struct job {
  _Atomic(gs_multiply_function) multiply; /* of one vector; NULL for several */
  _Atomic(const float *) packed;
  _Atomic(const float *) x;
  _Atomic(float *) y;
  _Atomic size_t rows, columns, x_stride, count, y_stride;
  _Atomic int accumulate;
};

/* What two threads write stands in cache lines of its own. */
struct gs_team {
  /* The panels that nobody has taken: a job's number << 32 | end << 16 | first. */
  _Alignas(64) _Atomic uint64_t panels;
  /* Panels that the helper has finished. */
  _Alignas(64) _Atomic uint32_t finished;
  _Alignas(64) struct job job;
  _Alignas(64) _Atomic int state;
  _Atomic int is_asleep;
  /* The caller's own: products still to be computed alone, how many after the next long wait, and
   * how many have gone well. */
  uint32_t alone, next_alone, good;
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

static inline uint32_t first_of(uint64_t panels) { return panels & 0xFFFF; }
static inline uint32_t end_of(uint64_t panels) { return panels >> 16 & 0xFFFF; }

#define READ(field) atomic_load_explicit(&job->field, memory_order_relaxed)
#define WRITE(field, value) atomic_store_explicit(&team->job.field, value, memory_order_relaxed)

struct product {
  gs_multiply_function multiply;
  const float *packed, *x;
  float *y;
  size_t rows, columns, x_stride, count, y_stride;
  int accumulate;
};

static struct product read_job(const struct job *job) {
  return (struct product){
    READ(multiply), READ(packed),   READ(x),     READ(y),        READ(rows),
    READ(columns),  READ(x_stride), READ(count), READ(y_stride), READ(accumulate),
  };
}

static void compute(const struct product *p, uint32_t panel) {
  size_t row = (size_t)panel * gs_panel;
  size_t rows = p->rows - row < gs_panel ? p->rows - row : gs_panel;
  const float *packed = p->packed + row * p->columns;
  if (p->multiply != NULL) {
    p->multiply(packed, rows, p->columns, p->x, p->y + row);
  } else {
    gs_multiply_rows(
      packed, rows, p->columns, p->x, p->x_stride, p->count, p->y + row, p->y_stride,
      p->accumulate);
  }
}

/* Takes the last panel that nobody has taken, and computes it; 0 where there is none. */
static int help(struct gs_team *team) {
  uint64_t panels = atomic_load_explicit(&team->panels, memory_order_acquire);
  if (first_of(panels) >= end_of(panels)) return 0;
  struct product product = read_job(&team->job);
  if (atomic_compare_exchange_strong(&team->panels, &panels, panels - (1u << 16))) {
    compute(&product, end_of(panels) - 1);
    atomic_fetch_add_explicit(&team->finished, 1, memory_order_release);
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
  unsigned turns = 0;
  for (;;) {
    if (help(team)) {
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

static int processors(void) {
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
  return processors() < 2 || is_crowded() ? NULL : gs_team_create_always();
}

struct gs_team *gs_team_create_always(void) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, sizeof(struct gs_team)) != 0) return NULL;
  struct gs_team *team = memory;
  *team = (struct gs_team){.next_alone = least_alone};
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
  if (team != NULL && team->alone == 0) set_state(team, state_work);
}

void gs_team_rest(struct gs_team *team) {
  if (team != NULL) atomic_store_explicit(&team->state, state_rest, memory_order_relaxed);
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Waits for the helper's panels; a long wait sends the next products past it. */
static void wait_for(struct gs_team *team, uint32_t panels) {
  int64_t start = 0;
  unsigned turns = 0;
  while (atomic_load_explicit(&team->finished, memory_order_acquire) < panels) {
    pause_briefly();
    if (++turns % turns_before_yield == 0) {
      if (start == 0) start = nanoseconds();
      sched_yield();
    }
  }
  if (start != 0 && nanoseconds() - start > longest_wait) {
    gs_team_rest(team);
    team->alone = team->next_alone;
    if (team->next_alone < most_alone) team->next_alone *= 8;
    team->good = 0;
  } else if (++team->good == good_products) {
    team->next_alone = least_alone;
    team->good = 0;
  }
}

static void run(struct gs_team *team, const struct product *product) {
  uint32_t count = (uint32_t)(gs_padded(product->rows) / gs_panel);
  uint64_t number = (atomic_load_explicit(&team->panels, memory_order_relaxed) >> 32) + 1;
  atomic_store_explicit(&team->finished, 0, memory_order_relaxed);
  WRITE(multiply, product->multiply);
  WRITE(packed, product->packed);
  WRITE(x, product->x);
  WRITE(y, product->y);
  WRITE(rows, product->rows);
  WRITE(columns, product->columns);
  WRITE(x_stride, product->x_stride);
  WRITE(count, product->count);
  WRITE(y_stride, product->y_stride);
  WRITE(accumulate, product->accumulate);
  uint64_t panels = number << 32 | (uint64_t)count << 16;
  atomic_store_explicit(&team->panels, panels, memory_order_release);
  uint32_t own = 0;
  for (;;) {
    panels = atomic_load_explicit(&team->panels, memory_order_relaxed);
    if (first_of(panels) >= end_of(panels)) break;
    if (atomic_compare_exchange_strong(&team->panels, &panels, panels + 1)) {
      compute(product, first_of(panels));
      own++;
    }
  }
  wait_for(team, count - own);
}

/* Whether the next product is shared. A panel's number has 16 bits. */
static int is_shared(struct gs_team *team, size_t rows) {
  if (team == NULL || rows <= gs_panel || rows > (size_t)gs_panel * 0xFFFF) return 0;
  if (team->alone == 0) return 1;
  team->alone--;
  return 0;
}

void gs_team_multiply(
  struct gs_team *team, const float *packed, size_t rows, size_t columns, const float *x,
  float *y) {
  if (!is_shared(team, rows)) {
    gs_multiply(packed, rows, columns, x, y);
    return;
  }
  struct product product = {
    .multiply = gs_chosen_multiply(), .packed = packed, .x = x, .y = y, .rows = rows,
    .columns = columns};
  run(team, &product);
}

void gs_team_multiply_rows(
  struct gs_team *team, const float *packed, size_t rows, size_t columns, const float *x,
  size_t x_stride, size_t count, float *y, size_t y_stride, int accumulate) {
  if (!is_shared(team, rows)) {
    gs_multiply_rows(packed, rows, columns, x, x_stride, count, y, y_stride, accumulate);
    return;
  }
  struct product product = {
    .packed = packed, .x = x, .y = y, .rows = rows, .columns = columns, .x_stride = x_stride,
    .count = count, .y_stride = y_stride, .accumulate = accumulate};
  run(team, &product);
}
