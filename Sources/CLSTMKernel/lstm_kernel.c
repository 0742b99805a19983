#include "lstm_kernel.h"

#include <stdint.h>
#include <string.h>

typedef float float16 __attribute__((vector_size(64)));
typedef float float16_unaligned __attribute__((vector_size(64), aligned(4)));

struct kernels {
  void (*multiply)(const float *, size_t, size_t, const float *, float *);
  void (*lstm_cell)(const float *, const float *, const float *, size_t, float *);
  void (*gru_cell)(const float *, const float *, const float *, size_t, float *);
  void (*tanh)(const float *, size_t, float *);
  void (*lstm_cell_backward)(
    const float *, const float *, const float *, const float *, float *, size_t, float *);
  void (*gru_cell_backward)(
    const float *, const float *, const float *, const float *, size_t, float *, float *, float *);
  const char *name;
};

#define INLINE static inline __attribute__((always_inline))

/* e^x within 2 ulp on the range where it is finite and normal; 2^n by way of the exponent bits,
 * rounding by the 1.5 * 2^23 trick, since a conversion of NaN to an integer is undefined. */
INLINE float gs_exp1(float x) {
  x = x > 88.0f ? 88.0f : x;
  x = x < -87.0f ? -87.0f : x;
  const float magic = 12582912.0f;
  float shifted = x * 1.44269504f + magic;
  float n = shifted - magic;
  float r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + (r + 1.0f);
  int32_t bits;
  memcpy(&bits, &shifted, 4);
  bits = (int32_t)((uint32_t)(bits - 0x4B400000 + 127) << 23);
  float scale;
  memcpy(&scale, &bits, 4);
  return p * scale;
}

INLINE float gs_sigmoid1(float x) { return 1.0f / (1.0f + gs_exp1(-x)); }

/* Near 0 the quotient would cancel, so an odd polynomial serves there. */
INLINE float gs_tanh1(float x) {
  float a = x < 0 ? -x : x;
  float e = gs_exp1(-2.0f * a);
  float far = (1.0f - e) / (1.0f + e);
  far = x < 0 ? -far : far;
  float s = x * x;
  float p = -5.70498872745e-3f;
  p = p * s + 2.06390887954e-2f;
  p = p * s + -5.37397155531e-2f;
  p = p * s + 1.33314422036e-1f;
  p = p * s + -3.33332819422e-1f;
  float near = x + x * s * p;
  return a < 0.625f ? near : far;
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

static const struct kernels *chosen = &table_portable;

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    chosen = &table_avx512;
  } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    chosen = &table_avx2;
  }
#endif
}

void gs_pack(const float *matrix, size_t rows, size_t columns, float *packed) {
  for (size_t panel = 0; panel < rows; panel += gs_panel) {
    float *out = packed + panel * columns;
    for (size_t column = 0; column < columns; column++) {
      for (size_t r = 0; r < gs_panel; r++) {
        size_t row = panel + r;
        *out++ = row < rows ? matrix[row * columns + column] : 0.0f;
      }
    }
  }
}

void gs_multiply(const float *packed, size_t rows, size_t columns, const float *x, float *y) {
  chosen->multiply(packed, rows, columns, x, y);
}

void gs_lstm_cell(
  const float *sums, const float *previous_c, const float *peepholes, size_t units,
  float *signals) {
  chosen->lstm_cell(sums, previous_c, peepholes, units, signals);
}

void gs_gru_cell(
  const float *input_sums, const float *recurrent_sums, const float *previous_h, size_t units,
  float *signals) {
  chosen->gru_cell(input_sums, recurrent_sums, previous_h, units, signals);
}

void gs_tanh(const float *sums, size_t units, float *h) { chosen->tanh(sums, units, h); }

void gs_lstm_cell_backward(
  const float *signals, const float *previous_c, const float *peepholes, const float *dh,
  float *dc, size_t units, float *dsums) {
  chosen->lstm_cell_backward(signals, previous_c, peepholes, dh, dc, units, dsums);
}

void gs_gru_cell_backward(
  const float *signals, const float *recurrent_n, const float *previous_h, const float *dh,
  size_t units, float *dinput, float *drecurrent, float *dprevious) {
  chosen->gru_cell_backward(
    signals, recurrent_n, previous_h, dh, units, dinput, drecurrent, dprevious);
}

const char *gs_kernel_name(void) { return chosen->name; }
