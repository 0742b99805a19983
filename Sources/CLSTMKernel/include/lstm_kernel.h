/* The hot loop of a timestep: matrix-vector products over packed weights, and the activations.
 *
 * Every function exists three times (AVX-512, AVX2 with FMA, portable); the best that the CPU has
 * is picked when the program starts. NaN and infinities pass through: a NaN weight gives NaN
 * signals, never a trap. */
#ifndef GATESCOPE_LSTM_KERNEL_H
#define GATESCOPE_LSTM_KERNEL_H

#include <stddef.h>

/* Rows of a packed panel. Buffers that receive a product are padded to a multiple of it. */
enum { gs_panel = 64 };

/* Rows rounded up to whole panels. */
static inline size_t gs_padded(size_t rows) {
  return (rows + gs_panel - 1) / gs_panel * gs_panel;
}

/* Packs a row-major (rows, columns) matrix into panels of gs_panel rows, each panel column by
 * column, so that a product reads memory front to back. `packed` holds
 * gs_padded(rows) * columns floats; padding rows are zero. */
void gs_pack(const float *matrix, size_t rows, size_t columns, float *packed);

/* y += M x, where `packed` is M after gs_pack. y has gs_padded(rows) floats. */
void gs_multiply(const float *packed, size_t rows, size_t columns, const float *x, float *y);

/* LSTM activations for `units` units.
 * `sums` is W x + R h' + b, gate-major in the canonical order z, f, i, o: (4, units).
 * `peepholes` is (3, units) for f, i, o, or NULL; f and i look at c', o looks at c.
 * `signals` receives z, f, i, o, c, h: (6, units). `previous_c` may not alias it. */
void gs_lstm_cell(
  const float *sums, const float *previous_c, const float *peepholes, size_t units, float *signals);

/* GRU activations. `input_sums` is W x + b_W and `recurrent_sums` is R h' + b_R, both (3, units) in
 * the order r, u, n. With n = tanh(input_n + r * recurrent_n) and h = (1 - u) n + u h'.
 * `signals` receives r, u, n, h: (4, units). */
void gs_gru_cell(
  const float *input_sums, const float *recurrent_sums, const float *previous_h, size_t units,
  float *signals);

/* h = tanh(sums), for `units` units. */
void gs_tanh(const float *sums, size_t units, float *h);

/* One step back through an LSTM cell, for `units` units.
 * `signals` (6, units) as gs_lstm_cell left them; `previous_c` the step's c'.
 * `dh` is the loss's gradient with respect to h; `dc` that with respect to c from the step after,
 * and receives that with respect to c'. `dsums` receives (4, units): z, f, i, o. */
void gs_lstm_cell_backward(
  const float *signals, const float *previous_c, const float *peepholes, const float *dh,
  float *dc, size_t units, float *dsums);

/* One step back through a GRU cell. `signals` (4, units): r, u, n, h; `recurrent_n` is
 * (R h' + b_R) of n; `dh` the gradient with respect to h.
 * `dinput` and `drecurrent` receive (3, units): r, u, n; `dprevious` the direct part of dh'. */
void gs_gru_cell_backward(
  const float *signals, const float *recurrent_n, const float *previous_h, const float *dh,
  size_t units, float *dinput, float *drecurrent, float *dprevious);

/* What this thread uses: "avx512", "avx2" or "portable". */
const char *gs_kernel_name(void);

/* Makes this thread use the kernels of that name, NULL for the best again: for tests, which prove
 * every kernel that the CPU can run. Returns 0, and changes nothing, where it cannot run them. */
int gs_use_kernel(const char *name);

#endif
