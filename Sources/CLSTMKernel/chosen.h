/* What lstm_kernel.c lends to its neighbours, apart from what every importer sees. */
#ifndef GATESCOPE_CHOSEN_H
#define GATESCOPE_CHOSEN_H

#include <stddef.h>

#include "step_kernel.h"

/* What a step of one layer reads and writes: the sums W x + b, h' and c', and the signals. */
struct gs_row {
  const float *sums, *h, *c;
  float *signals;
};

/* Takes a step for the panels first..<end, the last first with `backwards`. */
typedef void (*gs_panels_function)(
  const struct gs_layer *layer, struct gs_row row, size_t first, size_t end, int backwards);

/* Takes a step whose sums have their products already, `recurrent_sums` those of a GRU. */
typedef void (*gs_finish_function)(
  const struct gs_layer *layer, struct gs_row row, const float *recurrent_sums);

typedef void (*gs_multiply_function)(const float *, size_t, size_t, const float *, float *);

/* What the calling thread uses, for a thread that works for it. */
gs_multiply_function gs_chosen_multiply(void);
gs_panels_function gs_chosen_panels(enum gs_cell cell);
gs_finish_function gs_chosen_finish(enum gs_cell cell);

#endif
