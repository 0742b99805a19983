#include "lstm_kernel.h"

#include <math.h>

#include "activations.h"
#include "chosen.h"
#include "pack_rows.h"
#include "step_kernel.h"
#include "variant_kernel.h"

struct kernels {
  void (*multiply)(const float *, size_t, size_t, const float *, float *);
  void (*lstm_cell)(const float *, const float *, const float *, size_t, float *);
  void (*gru_cell)(const float *, const float *, const float *, size_t, float *);
  void (*tanh)(const float *, size_t, float *);
  void (*lstm_cell_backward)(
    const float *, const float *, const float *, const float *, float *, size_t, float *);
  void (*gru_cell_backward)(
    const float *, const float *, const float *, const float *, size_t, float *, float *, float *);
  void (*lstm_variant)(
    const struct gs_variant *, const float *, const float *, const float *, size_t, float *);
  void (*gru_variant_gates)(
    const struct gs_variant *, const float *, const float *, size_t, float *);
  void (*gru_variant_candidate)(
    const struct gs_variant *, const float *, const float *, int, const float *, size_t, float *);
  void (*rnn_variant)(const struct gs_variant *, const float *, size_t, float *);
  void (*elementwise_product)(const float *, const float *, size_t, float *);
  const char *name;
  gs_panels_function lstm_panels, gru_panels, rnn_panels;
  gs_finish_function lstm_finish, gru_finish, rnn_finish;
  size_t partial_sums;
};

/* Copies what a panel that is wider than the layer's rest has computed of it: `count` signals. */
INLINE void gs_scatter_signals(
  const float *from, size_t from_stride, size_t count, float *to, size_t to_stride,
  size_t units) {
  for (size_t s = 0; s < count; s++) {
    memcpy(to + s * to_stride, from + s * from_stride, units * sizeof(float));
  }
}

#define NAME(f) f##_portable
#define TARGET static
#define UNROLL 1
#define KERNEL_NAME "portable"
#include "kernels.h"
#undef NAME
#undef TARGET
#undef UNROLL
#undef KERNEL_NAME

#if defined(__x86_64__)
#define NAME(f) f##_avx2
#define TARGET static __attribute__((target("avx2,fma")))
#define UNROLL 1
#define KERNEL_NAME "avx2"
#include "kernels.h"
#undef NAME
#undef TARGET
#undef UNROLL
#undef KERNEL_NAME

#define NAME(f) f##_avx512
#define TARGET static __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))
#define UNROLL 2
#define KERNEL_NAME "avx512"
#include "kernels.h"
#undef NAME
#undef TARGET
#undef UNROLL
#undef KERNEL_NAME
#endif

static const struct kernels *best = &table_portable;

/* What a thread has asked for with gs_use_kernel; NULL for the best. */
static _Thread_local const struct kernels *forced = NULL;

INLINE const struct kernels *chosen(void) { return forced != NULL ? forced : best; }

/* The kernels that the CPU has, the best first; returns how many. */
static int available(const struct kernels *tables[3]) {
  int count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  int has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    tables[count++] = &table_avx512;
  }
  if (has_avx2) tables[count++] = &table_avx2;
#endif
  tables[count++] = &table_portable;
  return count;
}

__attribute__((constructor)) static void choose(void) {
  const struct kernels *tables[3];
  available(tables);
  best = tables[0];
}

int gs_use_kernel(const char *name) {
  if (name == NULL) {
    forced = NULL;
    return 1;
  }
  const struct kernels *tables[3];
  int count = available(tables);
  for (int k = 0; k < count; k++) {
    if (strcmp(tables[k]->name, name) == 0) {
      forced = tables[k];
      return 1;
    }
  }
  return 0;
}

void gs_pack(const float *matrix, size_t rows, size_t columns, float *packed) {
  const float *sources[gs_panel];
  for (size_t panel = 0; panel < rows; panel += gs_panel) {
    for (size_t r = 0; r < gs_panel; r++) {
      sources[r] = panel + r < rows ? matrix + (panel + r) * columns : NULL;
    }
    gs_turn_rows(sources, gs_panel, columns, packed + panel * columns);
  }
}

gs_multiply_function gs_chosen_multiply(void) { return chosen()->multiply; }

gs_panels_function gs_chosen_panels(enum gs_cell cell) {
  switch (cell) {
    case gs_cell_lstm: return chosen()->lstm_panels;
    case gs_cell_gru: return chosen()->gru_panels;
    case gs_cell_rnn: return chosen()->rnn_panels;
  }
  return NULL;
}

gs_finish_function gs_chosen_finish(enum gs_cell cell) {
  switch (cell) {
    case gs_cell_lstm: return chosen()->lstm_finish;
    case gs_cell_gru: return chosen()->gru_finish;
    case gs_cell_rnn: return chosen()->rnn_finish;
  }
  return NULL;
}

size_t gs_partial_sums(void) { return chosen()->partial_sums; }

void gs_multiply(const float *packed, size_t rows, size_t columns, const float *x, float *y) {
  chosen()->multiply(packed, rows, columns, x, y);
}

void gs_lstm_cell(
  const float *sums, const float *previous_c, const float *peepholes, size_t units,
  float *signals) {
  chosen()->lstm_cell(sums, previous_c, peepholes, units, signals);
}

void gs_gru_cell(
  const float *input_sums, const float *recurrent_sums, const float *previous_h, size_t units,
  float *signals) {
  chosen()->gru_cell(input_sums, recurrent_sums, previous_h, units, signals);
}

void gs_tanh(const float *sums, size_t units, float *h) { chosen()->tanh(sums, units, h); }

void gs_lstm_cell_backward(
  const float *signals, const float *previous_c, const float *peepholes, const float *dh,
  float *dc, size_t units, float *dsums) {
  chosen()->lstm_cell_backward(signals, previous_c, peepholes, dh, dc, units, dsums);
}

void gs_gru_cell_backward(
  const float *signals, const float *recurrent_n, const float *previous_h, const float *dh,
  size_t units, float *dinput, float *drecurrent, float *dprevious) {
  chosen()->gru_cell_backward(
    signals, recurrent_n, previous_h, dh, units, dinput, drecurrent, dprevious);
}

void gs_lstm_variant(
  const struct gs_variant *variant, const float *sums, const float *previous_c,
  const float *peepholes, size_t units, float *signals) {
  chosen()->lstm_variant(variant, sums, previous_c, peepholes, units, signals);
}

void gs_gru_variant_gates(
  const struct gs_variant *variant, const float *input_sums, const float *recurrent_sums,
  size_t units, float *signals) {
  chosen()->gru_variant_gates(variant, input_sums, recurrent_sums, units, signals);
}

void gs_gru_variant_candidate(
  const struct gs_variant *variant, const float *input_n, const float *recurrent_n,
  int resets_after, const float *previous_h, size_t units, float *signals) {
  chosen()->gru_variant_candidate(
    variant, input_n, recurrent_n, resets_after, previous_h, units, signals);
}

void gs_rnn_variant(
  const struct gs_variant *variant, const float *sums, size_t units, float *h) {
  chosen()->rnn_variant(variant, sums, units, h);
}

void gs_elementwise_product(const float *a, const float *b, size_t count, float *product) {
  chosen()->elementwise_product(a, b, count, product);
}

const char *gs_kernel_name(void) { return chosen()->name; }
