/* What packing has at its bottom: rows that are to be read column by column. */
#ifndef GATESCOPE_PACK_ROWS_H
#define GATESCOPE_PACK_ROWS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "step_kernel.h"

/* Columns that are turned at once: a line of each row. What comes of it stays in the first cache. */
enum { gs_turned = 16 };
/* Numbers of a panel from which it will not be read again before other things have taken its place in the
 * caches: it is written past them, which spares reading what is overwritten. */
enum { gs_written_past = 1 << 16 };

typedef float gs_line __attribute__((vector_size(16)));

static inline void gs_copy_past(float *target, const float *source, size_t count) {
#if defined(__clang__)
  for (size_t place = 0; place < count; place += 4) {
    gs_line line;
    memcpy(&line, source + place, sizeof line);
    __builtin_nontemporal_store(line, (gs_line *)(target + place));
  }
#else
  memcpy(target, source, count * sizeof(float));
#endif
}

/* out[column * width + r] = rows[r][column]; a row that is NULL is zeros. `width` is a multiple of 16. */
static inline void gs_turn_rows(
  const float *const *rows, size_t width, size_t columns, float *out) {
  float turned[gs_turned * gs_most_width];
  int is_past = width * columns >= gs_written_past && (uintptr_t)out % sizeof(gs_line) == 0;
  for (size_t start = 0; start < columns; start += gs_turned) {
    size_t count = columns - start < gs_turned ? columns - start : gs_turned;
    float *block = is_past ? turned : out + start * width;
    for (size_t r = 0; r < width; r++) {
      float *target = block + r;
      if (rows[r] == NULL) {
        for (size_t column = 0; column < count; column++) target[column * width] = 0.0f;
        continue;
      }
      const float *source = rows[r] + start;
      /* The rows are too many for the hardware to see where each goes on. */
      if (columns - start > 3 * gs_turned) __builtin_prefetch(source + 3 * gs_turned);
      for (size_t column = 0; column < count; column++) target[column * width] = source[column];
    }
    if (is_past) gs_copy_past(out + start * width, turned, count * width);
  }
#if defined(__x86_64__) && defined(__clang__)
  /* Before another thread may read it. */
  if (is_past) __builtin_ia32_sfence();
#endif
}

#endif
