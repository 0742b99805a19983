/* What lstm_kernel.c lends to its neighbours, apart from what every importer sees. */
#ifndef GATESCOPE_CHOSEN_H
#define GATESCOPE_CHOSEN_H

#include <stddef.h>

typedef void (*gs_multiply_function)(const float *, size_t, size_t, const float *, float *);

/* gs_multiply as this thread has it, for a thread that works for it. */
gs_multiply_function gs_chosen_multiply(void);

#endif
