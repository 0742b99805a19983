/* What every instruction set's kernels share: the vector type and the activations. */
#ifndef GATESCOPE_ACTIVATIONS_H
#define GATESCOPE_ACTIVATIONS_H

#include <stdint.h>
#include <string.h>

typedef float float16 __attribute__((vector_size(64)));
typedef float float16_unaligned __attribute__((vector_size(64), aligned(4)));

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

INLINE float gs_hard_sigmoid1(float x, float alpha, float beta) {
  float y = alpha * x + beta;
  y = y < 0 ? 0 : y;
  return y > 1 ? 1 : y;
}

/* max(x, 0) + ln(1 + e^-|x|): the logarithm of 1…2 as 2 artanh(s), s at most 1/3. */
INLINE float gs_softplus1(float x) {
  float t = gs_exp1(x < 0 ? x : -x);
  float s = t / (2 + t);
  float q = s * s;
  float p = 1.0f / 13;
  p = p * q + 1.0f / 11;
  p = p * q + 1.0f / 9;
  p = p * q + 1.0f / 7;
  p = p * q + 1.0f / 5;
  p = p * q + 1.0f / 3;
  return (x < 0 ? 0 : x) + 2 * (s + s * q * p);
}

#endif
