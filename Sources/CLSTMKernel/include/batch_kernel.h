/* The loops of training: a whole minibatch a call, forward, backward, losses and the optimiser.
 *
 * A batch is time-major: row t * B + b is step t of sequence b. Rows lie a stride apart, which is
 * a multiple of 16 floats; what stands between a row's end and the next row is never looked at.
 * NaN and infinities pass through. */
#ifndef GATESCOPE_BATCH_KERNEL_H
#define GATESCOPE_BATCH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* How the rows of a batch lie: gates (rows, G * units) at `gate_stride`, h and c (rows, units) at
 * `state_stride`. */
struct gs_rows {
  size_t rows, units, gate_stride, state_stride;
};

/* Packs the transpose of a row-major (rows, columns) matrix as gs_pack packs a matrix. `packed`
 * holds gs_padded(columns) * rows floats. */
void gs_pack_transposed(const float *matrix, size_t rows, size_t columns, float *packed);

/* y = M x, or y += M x with `accumulate`, for `count` vectors x (columns) and y (rows) at their
 * strides, where `packed` is M after gs_pack. A y has `rows` rounded up to 16 floats. */
void gs_multiply_rows(
  const float *packed, size_t rows, size_t columns, const float *x, size_t x_stride, size_t count,
  float *y, size_t y_stride, int accumulate);

/* An LSTM's activations. `gates` holds W x + R h' and receives z, f, i, o; `bias` (4, units);
 * `peepholes` (3, units) or NULL. */
void gs_lstm_rows(
  struct gs_rows shape, const float *bias, const float *peepholes, const float *previous_c,
  float *gates, float *c, float *h);

/* One step back. `gates` holds z, f, i, o and receives the gradient with respect to their sums;
 * `dc` holds that with respect to c from the step after and receives that with respect to c'. */
void gs_lstm_rows_backward(
  struct gs_rows shape, const float *peepholes, const float *previous_c, const float *c,
  const float *dh, float *dc, float *gates);

/* The gradient with respect to the peepholes (3, units), from the sums' gradients of all rows. */
void gs_peephole_gradient(
  struct gs_rows shape, const float *dsums, const float *previous_c, const float *c,
  float *dpeepholes);

/* A GRU's activations. `gates` holds W x and receives r, u, n; `recurrent` holds R h' at
 * `gate_stride`; the biases are (3, units); `recurrent_n` receives (R h' + b_R) of n. */
void gs_gru_rows(
  struct gs_rows shape, const float *input_bias, const float *recurrent_bias,
  const float *recurrent, const float *previous_h, float *gates, float *recurrent_n, float *h);

/* One step back. `gates` holds r, u, n and receives the gradient with respect to W x;
 * `drecurrent` receives that with respect to R h' at `gate_stride`; the direct part of the gradient
 * with respect to h' is added to `dprevious`. */
void gs_gru_rows_backward(
  struct gs_rows shape, const float *recurrent_n, const float *previous_h, const float *dh,
  float *gates, float *drecurrent, float *dprevious);

/* h = tanh(sums + bias), and back: `sums` receives dh (1 - h h). Sums at `gate_stride`. */
void gs_tanh_rows(struct gs_rows shape, const float *bias, const float *sums, float *h);
void gs_tanh_rows_backward(struct gs_rows shape, const float *h, const float *dh, float *sums);

/* Softmax and its cross-entropy. `sums` (rows, columns) without bias receives the probabilities,
 * or, where `targets` is not NULL, weight * (p - target). Returns the sum of weight * -log p.
 * A row of weight 0 gives zeros and its target may be anything. */
double gs_softmax_loss(
  size_t rows, size_t columns, size_t stride, const float *bias, const int32_t *targets,
  const float *weights, float *sums);

/* Sigmoid and its binary cross-entropy, the mean over the columns. `targets` (rows, columns),
 * without gaps, or NULL for the outputs alone. */
double gs_sigmoid_loss(
  size_t rows, size_t columns, size_t stride, const float *bias, const float *targets,
  const float *weights, float *sums);

/* The squared error, the mean over the columns; as gs_sigmoid_loss. */
double gs_squared_loss(
  size_t rows, size_t columns, size_t stride, const float *bias, const float *targets,
  const float *weights, float *sums);

/* out[row] = table[tokens[row]], and table[tokens[row]] += in[row]. */
void gs_gather_rows(
  size_t rows, size_t columns, size_t stride, const int32_t *tokens, const float *table,
  size_t table_stride, float *out);
void gs_scatter_rows(
  size_t rows, size_t columns, size_t stride, const int32_t *tokens, const float *in,
  float *table, size_t table_stride);

/* sums[column] = the sum over the rows. */
void gs_column_sums(
  size_t rows, size_t columns, size_t stride, const float *matrix, float *sums);

/* Inverted dropout (Hinton et al. 2012): out = in / keep where the element is kept, else 0. The
 * element's number is counted from `first`, `sequences * columns` to a step of `batch` rows, so
 * that a part of a batch drops what the whole would. */
void gs_dropout_rows(
  size_t rows, size_t columns, size_t stride, size_t batch, size_t sequences, uint32_t first,
  uint32_t key, float keep, const float *in, float *out);

/* Whether gs_dropout_rows keeps element `number`. */
int gs_dropout_keeps(uint32_t number, uint32_t key, float keep);

/* Adds noise of mean 0 and the given deviation, near to normal (the sum of four bytes). Elements
 * are numbered as in gs_dropout_rows. */
void gs_noise_rows(
  size_t rows, size_t columns, size_t stride, size_t batch, size_t sequences, uint32_t first,
  uint32_t key, float deviation, float *values);

/* The noise of element `number`. */
float gs_noise(uint32_t number, uint32_t key, float deviation);

/* Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019). */
struct gs_adam {
  float rate, beta1, beta2, epsilon;
  /* 1 - beta1^t and 1 - beta2^t. */
  float correction1, correction2;
  float decay;
  /* Multiplies the gradients first: clipping. */
  float scale;
};
void gs_adam_step(
  struct gs_adam settings, size_t count, const float *gradients, float *first, float *second,
  float *parameters);

/* target += source. */
void gs_add(size_t count, const float *source, float *target);

/* The sum of squares, in double precision. */
double gs_sum_of_squares(size_t count, const float *values);

#endif
