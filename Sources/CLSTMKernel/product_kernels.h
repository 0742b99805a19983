/* The text of gs_multiply_rows, compiled once for each instruction set; see batch_kernels.h, which
 * says what the including file defines. */

/* One block of a product: `rows` vectors x against 16 * `vectors` rows of one panel. The numbers of
 * a vector x stand `x_step` apart. `continues` goes on with the sums that y has, as if there had
 * been no break. */
TARGET inline __attribute__((always_inline)) void NAME(block)(
  const float *restrict panel, size_t columns, const float *restrict x, size_t x_stride,
  const size_t x_step, float *restrict y, size_t y_stride, int accumulate, int continues,
  const int rows, const int vectors) {
  float16 sum[8][4];
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++) {
      const float16_unaligned *before = (const float16_unaligned *)(y + r * y_stride + 16 * v);
      sum[r][v] = continues ? *before : (float16){0};
    }
  }
  for (size_t k = 0; k < columns; k++) {
    float16 w[4];
    for (int v = 0; v < vectors; v++) {
      w[v] = *(const float16_unaligned *)(panel + k * gs_panel + 16 * v);
    }
    for (int r = 0; r < rows; r++) {
      float xk = x[r * x_stride + k * x_step];
      for (int v = 0; v < vectors; v++) sum[r][v] = w[v] * xk + sum[r][v];
    }
  }
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++) {
      float16_unaligned *out = (float16_unaligned *)(y + r * y_stride + 16 * v);
      *out = accumulate ? *out + sum[r][v] : sum[r][v];
    }
  }
}

/* The same for any number of vectors x. */
TARGET inline __attribute__((always_inline)) void NAME(blocks)(
  const float *restrict panel, size_t columns, const float *restrict x, size_t x_stride,
  size_t count, float *restrict y, size_t y_stride, int accumulate, const int vectors) {
  size_t b = 0;
  for (; b + BLOCK_ROWS <= count; b += BLOCK_ROWS)
    NAME(block)(panel, columns, x + b * x_stride, x_stride, 1, y + b * y_stride, y_stride,
                accumulate, 0, BLOCK_ROWS, vectors);
  for (; b + SMALL_ROWS <= count; b += SMALL_ROWS)
    NAME(block)(panel, columns, x + b * x_stride, x_stride, 1, y + b * y_stride, y_stride,
                accumulate, 0, SMALL_ROWS, vectors);
  for (; b < count; b++)
    NAME(block)(panel, columns, x + b * x_stride, x_stride, 1, y + b * y_stride, y_stride,
                accumulate, 0, 1, vectors);
}

/* `count` vectors x, a multiple of BLOCK_ROWS, packed block by block and column by column, against
 * 16 * `vectors` rows of one panel, in chunks of columns with sums in between. The weights of the
 * chunk that follows, at last those at `next`, are asked for meanwhile. */
TARGET inline __attribute__((always_inline)) void NAME(chunks)(
  const float *restrict panel, size_t columns, const float *restrict x, size_t count,
  float *restrict y, size_t y_stride, int accumulate, const float *next, const int vectors) {
  _Alignas(64) float sums[gs_group * 16 * BLOCK_VECTORS];
  const size_t width = 16 * (size_t)vectors;
  for (size_t k = 0; k < columns; k += CHUNK) {
    size_t taken = columns - k < CHUNK ? columns - k : CHUNK;
    const float *following = k + CHUNK < columns ? panel + (k + CHUNK) * gs_panel : next;
    size_t asked = (CHUNK * BLOCK_ROWS + count - 1) / count;
    for (size_t b = 0; b < count; b += BLOCK_ROWS) {
      for (size_t line = 0; line < asked; line++) {
        for (int v = 0; v < vectors; v++) __builtin_prefetch(following + line * gs_panel + 16 * v);
      }
      following += asked * gs_panel;
      NAME(block)(panel + k * gs_panel, taken, x + b * columns + k * BLOCK_ROWS, 1, BLOCK_ROWS,
                  sums + b * width, width, 0, k > 0, BLOCK_ROWS, vectors);
    }
  }
  for (size_t r = 0; r < count; r++) {
    float *restrict out = y + r * y_stride;
    const float *restrict sum = sums + r * width;
    for (size_t c = 0; c < width; c++) out[c] = accumulate ? out[c] + sum[c] : sum[c];
  }
}

/* All rows, for `count` vectors x that are packed or, with an `x_stride`, as they are. */
TARGET inline __attribute__((always_inline)) void NAME(all_rows)(
  const float *restrict packed, size_t rows, size_t columns, const float *restrict x,
  size_t x_stride, size_t count, float *restrict y, size_t y_stride, int accumulate) {
  for (size_t row = 0; row < rows;) {
    int is_whole = row % (16 * BLOCK_VECTORS) == 0 && row + 16 * BLOCK_VECTORS <= rows;
    const float *w = packed + row / gs_panel * gs_panel * columns + row % gs_panel;
    float *out = y + row;
    const size_t step = is_whole ? 16 * BLOCK_VECTORS : 16;
    const size_t after = row + step;
    const float *next = packed + after / gs_panel * gs_panel * columns + after % gs_panel;
    if (x_stride == 0 && is_whole) {
      NAME(chunks)(w, columns, x, count, out, y_stride, accumulate, next,
                   BLOCK_VECTORS);
    } else if (x_stride == 0) {
      NAME(chunks)(w, columns, x, count, out, y_stride, accumulate, next, 1);
    } else if (is_whole) {
      NAME(blocks)(w, columns, x, x_stride, count, out, y_stride, accumulate, BLOCK_VECTORS);
    } else {
      NAME(blocks)(w, columns, x, x_stride, count, out, y_stride, accumulate, 1);
    }
    row += step;
  }
}

/* Where the weights of a block of results are more than the first cache holds, x is taken in groups
 * and packed, so that its vectors do not drive each other out of it; the bits are the same. */
TARGET void NAME(multiply_rows)(
  const float *restrict packed, size_t rows, size_t columns, const float *restrict x,
  size_t x_stride, size_t count, float *restrict y, size_t y_stride, int accumulate) {
  size_t done = 0;
  if (columns > CHUNK && columns <= gs_most_columns) {
    while (count - done >= BLOCK_ROWS) {
      size_t group = gs_group / BLOCK_ROWS * BLOCK_ROWS;
      if (count - done < group) group = (count - done) / BLOCK_ROWS * BLOCK_ROWS;
      for (size_t b = 0; b < group; b += BLOCK_ROWS) {
        const float *from = x + (done + b) * x_stride;
        float *to = gs_packed_x + b * columns;
        for (size_t k = 0; k < columns; k++) {
          for (size_t r = 0; r < BLOCK_ROWS; r++) *to++ = from[r * x_stride + k];
        }
      }
      NAME(all_rows)(packed, rows, columns, gs_packed_x, 0, group, y + done * y_stride, y_stride,
                     accumulate);
      done += group;
    }
  }
  /* A stride of 0 would mean packed; that of a single vector does not matter. */
  NAME(all_rows)(packed, rows, columns, x + done * x_stride, x_stride == 0 ? 1 : x_stride,
                 count - done, y + done * y_stride, y_stride, accumulate);
}
