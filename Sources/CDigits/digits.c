#include "digits.h"

#include <string.h>

#include "powers_of_ten.h"

// How many decimal digits a number of up to nine has; 1 for 0. Without a branch, since the next number
// of a trace may have any count.
static inline int digit_count(uint32_t value) {
  static const uint32_t powers[] = {1,      10,      100,      1000,      10000,
                                    100000, 1000000, 10000000, 100000000, 1000000000};
  int bits = 32 - __builtin_clz(value | 1);
  int guess = (bits * 1233) >> 12; // bits × log10(2)
  return guess + (value >= powers[guess]) + (value == 0);
}

// Eight digits, the first in the lowest byte, by multiplications of parts beside each other.
static inline uint64_t eight_digits(uint32_t value) {
  uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
  uint64_t hundreds = ((fours * 10486) >> 20) & 0x7f0000007full;
  uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
  uint64_t tens = ((twos * 103) >> 10) & 0x000f000f000f000full;
  return (tens | (twos - tens * 10) << 8) + 0x3030303030303030ull;
}

// The `count` digits of a number, of at most nine. Writes nine characters in any case.
static inline void write_digits(char *out, uint32_t value, int count) {
  int isLong = count > 8;
  uint64_t last = eight_digits(value % 100000000) >> (isLong ? 0 : 8 * (8 - count));
  out[0] = (char)('0' + value / 100000000);
  memcpy(out + isLong, &last, 8);
}

// The upper half of power × bound, with a last bit of 1 where anything was cut off.
static inline uint32_t scaled(uint64_t power, uint32_t bound) {
  unsigned __int128 product = (unsigned __int128)power * bound;
  uint32_t whole = (uint32_t)(product >> 64);
  uint32_t rest = (uint32_t)((uint64_t)product >> 32);
  return whole | (rest > 1);
}

typedef struct {
  uint32_t digits;
  int exponent; // The number is digits × 10^exponent.
} decimal;

// Of a positive, finite number.
static inline decimal shortest(uint32_t bits) {
  uint32_t fraction = bits & 0x7fffff;
  int biased = (int)(bits >> 23);
  uint32_t significand = biased ? 0x800000 | fraction : fraction;
  int exponent = biased ? biased - 150 : -149;

  // Whole numbers are their own digits.
  if (exponent <= 0 && exponent > -24 && (significand & ((1u << -exponent) - 1)) == 0)
    return (decimal){significand >> -exponent, 0};

  // The numbers that round to this one, in quarters of its last place: the lower neighbour of a
  // power of two is half as far away. The ends belong to the interval where the significand is even.
  uint32_t odd = significand & 1;
  uint32_t isPower = fraction == 0 && biased > 1;
  // floor(log10(2^exponent)), of 3/4 of that for a power of two; then floor(log2(10^-tens)).
  int tens = (exponent * 1262611 - (isPower ? 524031 : 0)) >> 22;
  int shift = exponent + ((-tens * 1741647) >> 19) + 1;
  uint64_t power = gs_powers_of_ten[-tens - GS_LEAST_POWER_OF_TEN];
  uint32_t lower = scaled(power, (4 * significand - 2 + isPower) << shift) + odd;
  uint32_t value = scaled(power, (4 * significand) << shift);
  uint32_t upper = scaled(power, (4 * significand + 2) << shift) - odd;

  // With one digit less, if just one such number is in the interval; else the nearer neighbour, unless
  // just one is in it. Without branches: nobody can tell which it will be.
  uint32_t whole = value / 4;
  uint32_t tenth = whole / 10;
  uint32_t tenthBelow = lower <= 40 * tenth;
  uint32_t tenthAbove = 40 * tenth + 40 <= upper;
  uint32_t below = lower <= 4 * whole;
  uint32_t above = 4 * whole + 4 <= upper;
  uint32_t middle = 4 * whole + 2;
  uint32_t up = (value > middle) | ((value == middle) & whole & 1);
  uint32_t fewer = (whole >= 10) & (tenthBelow ^ tenthAbove);
  uint32_t digits = whole + ((below ^ above) ? above : up);
  return (decimal){fewer ? tenth + tenthAbove : digits, tens + (int)fewer};
}

char *gs_write_float(float number, char *out) {
  uint32_t bits;
  memcpy(&bits, &number, sizeof bits);
  if ((bits & 0x7fffffff) > 0x7f800000) return memcpy(out, "nan", 3), out + 3;
  *out = '-';
  out += bits >> 31;
  bits &= 0x7fffffff;
  if (bits == 0x7f800000) return memcpy(out, "inf", 3), out + 3;
  if (bits == 0) return memcpy(out, "0.0", 3), out + 3;

  decimal found = shortest(bits);
  while (found.digits % 10 == 0 && found.exponent < 0) {
    found.digits /= 10;
    found.exponent++;
  }
  int count = digit_count(found.digits);
  int point = count + found.exponent; // The number is 0.digits × 10^point.

  if (point <= 0 && point >= -3) {
    memcpy(out, "0.000", 5);
    out += 2 - point;
    write_digits(out, found.digits, count);
    return out + count;
  }
  if (point > 0 && bits <= 0x4b800000) { // Up to 2^24.
    if (found.exponent >= 0) {
      write_digits(out, found.digits, count);
      memset(out + count, '0', (size_t)found.exponent);
      memcpy(out + point, ".0", 2);
      return out + point + 2;
    }
    write_digits(out + 1, found.digits, count);
    memmove(out, out + 1, (size_t)point);
    out[point] = '.';
    return out + count + 1;
  }

  while (found.digits % 10 == 0) {
    found.digits /= 10;
    count--;
  }
  write_digits(out + 1, found.digits, count);
  out[0] = out[1];
  out[1] = '.';
  out += count > 1 ? count + 1 : 1;
  int power = point - 1;
  *out++ = 'e';
  *out++ = power < 0 ? '-' : '+';
  if (power < 0) power = -power;
  out[0] = (char)('0' + power / 10);
  out[1] = (char)('0' + power % 10);
  return out + 2;
}

char *gs_write_floats(const float *values, size_t count, char *out) {
  for (size_t i = 0; i < count; i++) {
    *out++ = ',';
    out = gs_write_float(values[i], out);
  }
  return out;
}

char *gs_write_int(int64_t value, char *out) {
  uint64_t rest = (uint64_t)value;
  if (value < 0) {
    *out++ = '-';
    rest = 0 - rest;
  }
  if (rest >= 100000000) {
    out = gs_write_int((int64_t)(rest / 100000000), out);
    uint64_t last = eight_digits((uint32_t)(rest % 100000000));
    memcpy(out, &last, 8);
    return out + 8;
  }
  int count = digit_count((uint32_t)rest);
  write_digits(out, (uint32_t)rest, count);
  return out + count;
}
