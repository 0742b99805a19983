/* Two threads for what one would be long about: the caller's and a helper's.
 *
 * Each has its half of the panels of rows, so both keep finding the same ones in their own caches,
 * and they meet once a step. A helper that the system has put aside costs little: the caller does
 * what nobody has begun. A panel's rows are computed by one thread in one order: the result is that
 * of one thread to the bit. */
#ifndef GATESCOPE_TEAM_KERNEL_H
#define GATESCOPE_TEAM_KERNEL_H

#include <stddef.h>

struct gs_team;

/* How many processors this process may run on: of those that the system has, the ones that a scheduler
 * such as Slurm's has left to it. */
int gs_processors(void);

/* Starts a helper, asleep; NULL where this process may run on one processor only, the processors
 * are crowded already, or no thread can be had. */
struct gs_team *gs_team_create(void);

/* The same however many processors there are and however busy they are: for tests. */
struct gs_team *gs_team_create_always(void);

/* Ends the helper. */
void gs_team_destroy(struct gs_team *team);

/* Before products that follow each other closely: the helper looks out for them, and uses its
 * processor, until `gs_team_rest`. Soon after that it sleeps. */
void gs_team_wake(struct gs_team *team);
void gs_team_rest(struct gs_team *team);

/* As gs_multiply_rows; alone where `team` is NULL. */
void gs_team_multiply_rows(
  struct gs_team *team, const float *packed, size_t rows, size_t columns, const float *x,
  size_t x_stride, size_t count, float *y, size_t y_stride, int accumulate);

#endif
