#ifndef DIGITS_H
#define DIGITS_H

#include <stddef.h>
#include <stdint.h>

/// More characters than any number takes that is written here.
#define GS_LONGEST_NUMBER 24

/// Writes the fewest decimal digits that read back to the same binary32, the nearest of those, as
/// Swift's `description` does: "0.1", "1e-05", "16777216.0", "nan", "-inf". Behind R. Giulietti, "The
/// Schubfach way to render doubles" (2021), with the sizes of binary32.
///
/// Returns the end of what it wrote into `out`, which has room for GS_LONGEST_NUMBER characters.
char *gs_write_float(float value, char *out);

/// Writes `count` values, each behind a comma; `out` has room for GS_LONGEST_NUMBER each.
char *gs_write_floats(const float *values, size_t count, char *out);

/// Writes a whole number; `out` has room for GS_LONGEST_NUMBER characters.
char *gs_write_int(int64_t value, char *out);

#endif
