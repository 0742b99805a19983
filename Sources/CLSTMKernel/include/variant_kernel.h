/* Activations of the cells that the fused loops of lstm_kernel.h do not know: other functions,
 * bounded sums, coupled gates, a reset before the product.
 *
 * A pass over a vector for each function, in place of one loop for all: slower than the fused loops,
 * and vectorised like them. NaN passes through every function. */
#ifndef GATESCOPE_VARIANT_KERNEL_H
#define GATESCOPE_VARIANT_KERNEL_H

#include <stddef.h>

enum gs_function {
  gs_function_sigmoid,
  gs_function_tanh,
  gs_function_relu,
  gs_function_hard_sigmoid,
  gs_function_leaky_relu,
  gs_function_elu,
  gs_function_softsign,
  gs_function_softplus,
  gs_function_affine,
  gs_function_scaled_tanh,
  gs_function_thresholded_relu,
  gs_function_linear,
};

/* A function with its constants, where it has any. */
struct gs_activation {
  enum gs_function function;
  float alpha, beta;
};

/* How a cell differs from the plain one. The sums that enter an activation are bounded to
 * -clip…clip, with `clip` INFINITY for no bounds; an LSTM's c is no sum and stays as it is. With
 * `is_coupled` an LSTM's f is 1 - i. */
struct gs_variant {
  struct gs_activation gates, candidate, output;
  float clip;
  int is_coupled;
};

/* LSTM activations: as gs_lstm_cell, the last of the six signals being m where h is P m. */
void gs_lstm_variant(
  const struct gs_variant *variant, const float *sums, const float *previous_c,
  const float *peepholes, size_t units, float *signals);

/* A GRU's r and u, from the first two rows of (W x + b_W) and (R h' + b_R): the first half of a
 * step. `signals` (4, units) receives them. */
void gs_gru_variant_gates(
  const struct gs_variant *variant, const float *input_sums, const float *recurrent_sums,
  size_t units, float *signals);

/* The second half: n, from W x + b_W of n and `recurrent_n`, and h. With `resets_after` r is
 * applied to `recurrent_n`, R h' + b_R; else that is R (r h') with r applied already. */
void gs_gru_variant_candidate(
  const struct gs_variant *variant, const float *input_n, const float *recurrent_n,
  int resets_after, const float *previous_h, size_t units, float *signals);

/* h = candidate(sums), bounded first. */
void gs_rnn_variant(
  const struct gs_variant *variant, const float *sums, size_t units, float *h);

/* product = a ⊙ b. */
void gs_elementwise_product(const float *a, const float *b, size_t count, float *product);

#endif
