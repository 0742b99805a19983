#include "batch_kernel.h"

#include <math.h>

#include "activations.h"
#include "lstm_kernel.h"

struct batch_kernels {
  void (*multiply_rows)(
    const float *, size_t, size_t, const float *, size_t, size_t, float *, size_t, int);
  void (*lstm_rows)(
    struct gs_rows, const float *, const float *, const float *, float *, float *, float *);
  void (*lstm_rows_backward)(
    struct gs_rows, const float *, const float *, const float *, const float *, float *, float *);
  void (*peephole_gradient)(
    struct gs_rows, const float *, const float *, const float *, float *);
  void (*gru_rows)(
    struct gs_rows, const float *, const float *, const float *, const float *, float *, float *,
    float *);
  void (*gru_rows_backward)(
    struct gs_rows, const float *, const float *, const float *, float *, float *, float *);
  void (*tanh_rows)(struct gs_rows, const float *, const float *, float *);
  void (*tanh_rows_backward)(struct gs_rows, const float *, const float *, float *);
  double (*softmax_loss)(
    size_t, size_t, size_t, const float *, const int32_t *, const float *, float *);
  double (*sigmoid_loss)(
    size_t, size_t, size_t, const float *, const float *, const float *, float *);
  double (*squared_loss)(
    size_t, size_t, size_t, const float *, const float *, const float *, float *);
  void (*add_rows)(
    size_t, size_t, size_t, const int32_t *, const float *, float *, size_t);
  void (*dropout_rows)(
    size_t, size_t, size_t, size_t, size_t, uint32_t, uint32_t, float, const float *, float *);
  void (*noise_rows)(
    size_t, size_t, size_t, size_t, size_t, uint32_t, uint32_t, float, float *);
  void (*adam_step)(struct gs_adam, size_t, const float *, float *, float *, float *);
};

/* A permutation of 32 bits whose output bits look independent of the input's: two rounds of
 * multiply and xor-shift (the constants of Wellons' "lowbias32", public domain). */
INLINE uint32_t gs_dropout_hash(uint32_t number, uint32_t key) {
  uint32_t x = number * 0x9E3779B9u + key;
  x ^= x >> 16;
  x *= 0x7FEB352Du;
  x ^= x >> 15;
  x *= 0x846CA68Bu;
  x ^= x >> 16;
  return x;
}

INLINE uint32_t gs_dropout_limit(float keep) {
  double limit = (double)keep * 4294967296.0;
  return limit >= 4294967295.0 ? 0xFFFFFFFFu : (uint32_t)limit;
}

INLINE float gs_noise1(uint32_t number, uint32_t key, float deviation) {
  uint32_t x = gs_dropout_hash(number, key);
  int32_t sum = (int32_t)((x & 255) + (x >> 8 & 255) + (x >> 16 & 255) + (x >> 24)) - 510;
  /* 147.8 is the sum's own deviation. */
  return (float)sum * (deviation / 147.8f);
}

/* Room for a group of vectors x that a product packs; longer ones are taken as they are. */
enum { gs_group = 48, gs_most_columns = 2048 };
static _Thread_local _Alignas(64) float gs_packed_x[gs_group * gs_most_columns];

#define NAME(f) gs_##f##_portable
#define TARGET static
#define BLOCK_ROWS 4
#define SMALL_ROWS 2
#define BLOCK_VECTORS 1
#define CHUNK 128
#include "batch_kernels.h"
#undef NAME
#undef TARGET
#undef BLOCK_ROWS
#undef SMALL_ROWS
#undef BLOCK_VECTORS
#undef CHUNK

#if defined(__x86_64__)
#define NAME(f) gs_##f##_avx2
#define TARGET static __attribute__((target("avx2,fma")))
#define BLOCK_ROWS 6
#define SMALL_ROWS 4
#define BLOCK_VECTORS 1
#define CHUNK 128
#include "batch_kernels.h"
#undef NAME
#undef TARGET
#undef BLOCK_ROWS
#undef SMALL_ROWS
#undef BLOCK_VECTORS
#undef CHUNK

#define NAME(f) gs_##f##_avx512
#define TARGET static __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))
#define BLOCK_ROWS 6
#define SMALL_ROWS 4
#define BLOCK_VECTORS 4
#define CHUNK 64
#include "batch_kernels.h"
#undef NAME
#undef TARGET
#undef BLOCK_ROWS
#undef SMALL_ROWS
#undef BLOCK_VECTORS
#undef CHUNK
#endif

static const struct batch_kernels *chosen = &gs_batch_table_portable;

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    chosen = &gs_batch_table_avx512;
  } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    chosen = &gs_batch_table_avx2;
  }
#endif
}

void gs_pack_transposed(const float *matrix, size_t rows, size_t columns, float *packed) {
  for (size_t panel = 0; panel < columns; panel += gs_panel) {
    float *out = packed + panel * rows;
    for (size_t row = 0; row < rows; row++) {
      for (size_t c = 0; c < gs_panel; c++) {
        size_t column = panel + c;
        *out++ = column < columns ? matrix[row * columns + column] : 0.0f;
      }
    }
  }
}

void gs_multiply_rows(
  const float *packed, size_t rows, size_t columns, const float *x, size_t x_stride, size_t count,
  float *y, size_t y_stride, int accumulate) {
  chosen->multiply_rows(packed, rows, columns, x, x_stride, count, y, y_stride, accumulate);
}

void gs_lstm_rows(
  struct gs_rows shape, const float *bias, const float *peepholes, const float *previous_c,
  float *gates, float *c, float *h) {
  chosen->lstm_rows(shape, bias, peepholes, previous_c, gates, c, h);
}

void gs_lstm_rows_backward(
  struct gs_rows shape, const float *peepholes, const float *previous_c, const float *c,
  const float *dh, float *dc, float *gates) {
  chosen->lstm_rows_backward(shape, peepholes, previous_c, c, dh, dc, gates);
}

void gs_peephole_gradient(
  struct gs_rows shape, const float *dsums, const float *previous_c, const float *c,
  float *dpeepholes) {
  chosen->peephole_gradient(shape, dsums, previous_c, c, dpeepholes);
}

void gs_gru_rows(
  struct gs_rows shape, const float *input_bias, const float *recurrent_bias,
  const float *recurrent, const float *previous_h, float *gates, float *recurrent_n, float *h) {
  chosen->gru_rows(
    shape, input_bias, recurrent_bias, recurrent, previous_h, gates, recurrent_n, h);
}

void gs_gru_rows_backward(
  struct gs_rows shape, const float *recurrent_n, const float *previous_h, const float *dh,
  float *gates, float *drecurrent, float *dprevious) {
  chosen->gru_rows_backward(shape, recurrent_n, previous_h, dh, gates, drecurrent, dprevious);
}

void gs_tanh_rows(struct gs_rows shape, const float *bias, const float *sums, float *h) {
  chosen->tanh_rows(shape, bias, sums, h);
}

void gs_tanh_rows_backward(struct gs_rows shape, const float *h, const float *dh, float *sums) {
  chosen->tanh_rows_backward(shape, h, dh, sums);
}

double gs_softmax_loss(
  size_t rows, size_t columns, size_t stride, const float *bias, const int32_t *targets,
  const float *weights, float *sums) {
  return chosen->softmax_loss(rows, columns, stride, bias, targets, weights, sums);
}

double gs_sigmoid_loss(
  size_t rows, size_t columns, size_t stride, const float *bias, const float *targets,
  const float *weights, float *sums) {
  return chosen->sigmoid_loss(rows, columns, stride, bias, targets, weights, sums);
}

double gs_squared_loss(
  size_t rows, size_t columns, size_t stride, const float *bias, const float *targets,
  const float *weights, float *sums) {
  return chosen->squared_loss(rows, columns, stride, bias, targets, weights, sums);
}

void gs_gather_rows(
  size_t rows, size_t columns, size_t stride, const int32_t *tokens, const float *table,
  size_t table_stride, float *out) {
  for (size_t row = 0; row < rows; row++) {
    memcpy(
      out + row * stride, table + (size_t)tokens[row] * table_stride, columns * sizeof(float));
  }
}

void gs_scatter_rows(
  size_t rows, size_t columns, size_t stride, const int32_t *tokens, const float *in,
  float *table, size_t table_stride) {
  chosen->add_rows(rows, columns, stride, tokens, in, table, table_stride);
}

void gs_column_sums(
  size_t rows, size_t columns, size_t stride, const float *matrix, float *sums) {
  memset(sums, 0, columns * sizeof(float));
  chosen->add_rows(rows, columns, stride, NULL, matrix, sums, 0);
}

void gs_dropout_rows(
  size_t rows, size_t columns, size_t stride, size_t batch, size_t sequences, uint32_t first,
  uint32_t key, float keep, const float *in, float *out) {
  chosen->dropout_rows(
    rows, columns, stride, batch, sequences, first, key, keep, in, out);
}

int gs_dropout_keeps(uint32_t number, uint32_t key, float keep) {
  return gs_dropout_hash(number, key) < gs_dropout_limit(keep);
}

void gs_noise_rows(
  size_t rows, size_t columns, size_t stride, size_t batch, size_t sequences, uint32_t first,
  uint32_t key, float deviation, float *values) {
  chosen->noise_rows(rows, columns, stride, batch, sequences, first, key, deviation, values);
}

float gs_noise(uint32_t number, uint32_t key, float deviation) {
  return gs_noise1(number, key, deviation);
}

void gs_adam_step(
  struct gs_adam settings, size_t count, const float *gradients, float *first, float *second,
  float *parameters) {
  chosen->adam_step(settings, count, gradients, first, second, parameters);
}

void gs_add(size_t count, const float *source, float *target) {
  chosen->add_rows(1, count, 0, NULL, source, target, 0);
}

double gs_sum_of_squares(size_t count, const float *values) {
  double sum[8] = {0};
  for (size_t k = 0; k < count; k++) sum[k % 8] += (double)values[k] * (double)values[k];
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}
