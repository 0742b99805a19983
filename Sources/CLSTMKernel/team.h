/* What team_kernel.c lends to its neighbours. */
#ifndef GATESCOPE_TEAM_H
#define GATESCOPE_TEAM_H

#include <stddef.h>

#include "team_kernel.h"

/* Some work: phases one after the other, each in `parts` parts (1 or 2) that may be done at
 * once. */
typedef void (*gs_phase_function)(const void *context, size_t phase, int part, int parts);

/* Does the phases, two parts each with a helper that listens, else in one part. */
void gs_team_run(
  struct gs_team *team, gs_phase_function work, const void *context, size_t phases);

#endif
