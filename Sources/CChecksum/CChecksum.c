#include "CChecksum.h"

#if defined(__x86_64__)

#include <immintrin.h>

int gs_crc32_folds(void) {
  return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

// x^n mod P, bit-reflected and shifted by one, for the distances over which a remainder is carried:
// 512 bits + 32 and - 32, 128 bits + 32 and - 32, 64 bits; then P and the Barrett constant.
static const uint64_t over_512[2] = {0x0154442bd4, 0x01c6e41596};
static const uint64_t over_128[2] = {0x01751997d0, 0x00ccaa009e};
static const uint64_t over_64 = 0x0163cd6124;
static const uint64_t barrett[2] = {0x01db710641, 0x01f7011641};

__attribute__((target("pclmul,sse4.1"))) static inline __m128i
folded(__m128i value, __m128i by, __m128i next) {
  __m128i low = _mm_clmulepi64_si128(value, by, 0x00);
  __m128i high = _mm_clmulepi64_si128(value, by, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

__attribute__((target("pclmul,sse4.1"))) uint32_t
gs_crc32_fold(uint32_t remainder, const uint8_t *bytes, size_t count) {
  const __m128i *place = (const __m128i *)bytes;
  __m128i parts[4];
  for (int i = 0; i < 4; i++) parts[i] = _mm_loadu_si128(place + i);
  parts[0] = _mm_xor_si128(parts[0], _mm_cvtsi32_si128((int)remainder));
  place += 4;
  count -= 64;

  // Four parts side by side hide what one product takes.
  __m128i by = _mm_set_epi64x((long long)over_512[1], (long long)over_512[0]);
  for (; count >= 64; count -= 64, place += 4) {
    for (int i = 0; i < 4; i++) parts[i] = folded(parts[i], by, _mm_loadu_si128(place + i));
  }

  by = _mm_set_epi64x((long long)over_128[1], (long long)over_128[0]);
  __m128i rest = parts[0];
  for (int i = 1; i < 4; i++) rest = folded(rest, by, parts[i]);
  for (; count >= 16; count -= 16, place++) rest = folded(rest, by, _mm_loadu_si128(place));

  // 128 bits to 64.
  const __m128i mask = _mm_setr_epi32(-1, 0, -1, 0);
  __m128i product = _mm_clmulepi64_si128(rest, by, 0x10);
  rest = _mm_xor_si128(_mm_srli_si128(rest, 8), product);
  product = _mm_clmulepi64_si128(
      _mm_and_si128(rest, mask), _mm_set_epi64x(0, (long long)over_64), 0x00);
  rest = _mm_xor_si128(_mm_srli_si128(rest, 4), product);

  // Barrett's reduction to 32.
  by = _mm_set_epi64x((long long)barrett[1], (long long)barrett[0]);
  product = _mm_clmulepi64_si128(_mm_and_si128(rest, mask), by, 0x10);
  product = _mm_clmulepi64_si128(_mm_and_si128(product, mask), by, 0x00);
  return (uint32_t)_mm_extract_epi32(_mm_xor_si128(rest, product), 1);
}

#else

int gs_crc32_folds(void) { return 0; }

uint32_t gs_crc32_fold(uint32_t remainder, const uint8_t *bytes, size_t count) {
  (void)bytes;
  (void)count;
  return remainder;
}

#endif
