/* The text of variant_kernel.h's functions, compiled once for each instruction set; see kernels.h.
 * Comparisons are turned so that a NaN is never replaced by a bound. */

#define EACH(expression)                                   \
  _Pragma("clang loop vectorize(enable)")                  \
  for (size_t k = 0; k < count; k++) {                     \
    float x = values[k];                                   \
    values[k] = (expression);                              \
  }                                                        \
  return

/* Applies an activation in place, to bounded values. */
TARGET void NAME(activate)(
  struct gs_activation activation, float clip, size_t count, float *restrict values) {
  const float a = activation.alpha, b = activation.beta;
  if (clip < INFINITY) {
#pragma clang loop vectorize(enable)
    for (size_t k = 0; k < count; k++) {
      float x = values[k];
      x = x > clip ? clip : x;
      values[k] = x < -clip ? -clip : x;
    }
  }
  switch (activation.function) {
    case gs_function_sigmoid: EACH(gs_sigmoid1(x));
    case gs_function_tanh: EACH(gs_tanh1(x));
    case gs_function_relu: EACH(x < 0 ? 0 : x);
    case gs_function_hard_sigmoid: EACH(gs_hard_sigmoid1(x, a, b));
    case gs_function_leaky_relu: EACH(x < 0 ? a * x : x);
    case gs_function_elu: EACH(x < 0 ? a * (gs_exp1(x) - 1) : x);
    case gs_function_softsign: EACH(x / (1 + (x < 0 ? -x : x)));
    case gs_function_softplus: EACH(gs_softplus1(x));
    case gs_function_affine: EACH(a * x + b);
    case gs_function_scaled_tanh: EACH(a * gs_tanh1(b * x));
    case gs_function_thresholded_relu: EACH(x <= a ? 0 : x);
    case gs_function_linear: return;
  }
}
#undef EACH

/* y = x + peephole ⊙ seen, or x where there are no peepholes. */
TARGET void NAME(looked)(
  const float *restrict x, const float *restrict peephole, const float *restrict seen,
  size_t units, float *restrict y) {
  if (peephole == NULL) {
    memcpy(y, x, units * sizeof(float));
    return;
  }
#pragma clang loop vectorize(enable)
  for (size_t u = 0; u < units; u++) y[u] = x[u] + peephole[u] * seen[u];
}

TARGET void NAME(gs_lstm_variant)(
  const struct gs_variant *variant, const float *restrict sums, const float *restrict previous_c,
  const float *restrict peepholes, size_t units, float *restrict signals) {
  const float *look_f = peepholes, *look_i = NULL, *look_o = NULL;
  if (peepholes != NULL) {
    look_i = peepholes + units;
    look_o = look_i + units;
  }
  float *z = signals, *f = z + units, *i = f + units, *o = i + units, *c = o + units,
        *m = c + units;
  memcpy(z, sums, units * sizeof(float));
  NAME(activate)(variant->candidate, variant->clip, units, z);
  NAME(looked)(sums + 2 * units, look_i, previous_c, units, i);
  NAME(activate)(variant->gates, variant->clip, units, i);
  if (variant->is_coupled) {
#pragma clang loop vectorize(enable)
    for (size_t u = 0; u < units; u++) f[u] = 1 - i[u];
  } else {
    NAME(looked)(sums + units, look_f, previous_c, units, f);
    NAME(activate)(variant->gates, variant->clip, units, f);
  }
#pragma clang loop vectorize(assume_safety)
  for (size_t u = 0; u < units; u++) c[u] = m[u] = f[u] * previous_c[u] + i[u] * z[u];
  NAME(looked)(sums + 3 * units, look_o, c, units, o);
  NAME(activate)(variant->gates, variant->clip, units, o);
  NAME(activate)(variant->output, INFINITY, units, m);
#pragma clang loop vectorize(assume_safety)
  for (size_t u = 0; u < units; u++) m[u] *= o[u];
}

TARGET void NAME(gs_gru_variant_gates)(
  const struct gs_variant *variant, const float *restrict input_sums,
  const float *restrict recurrent_sums, size_t units, float *restrict signals) {
#pragma clang loop vectorize(enable)
  for (size_t k = 0; k < 2 * units; k++) signals[k] = input_sums[k] + recurrent_sums[k];
  NAME(activate)(variant->gates, variant->clip, 2 * units, signals);
}

TARGET void NAME(gs_gru_variant_candidate)(
  const struct gs_variant *variant, const float *restrict input_n,
  const float *restrict recurrent_n, int resets_after, const float *restrict previous_h,
  size_t units, float *restrict signals) {
  const float *r = signals, *u = r + units;
  float *n = signals + 2 * units, *h = n + units;
  if (resets_after) {
#pragma clang loop vectorize(assume_safety)
    for (size_t k = 0; k < units; k++) n[k] = input_n[k] + r[k] * recurrent_n[k];
  } else {
#pragma clang loop vectorize(assume_safety)
    for (size_t k = 0; k < units; k++) n[k] = input_n[k] + recurrent_n[k];
  }
  NAME(activate)(variant->candidate, variant->clip, units, n);
#pragma clang loop vectorize(assume_safety)
  for (size_t k = 0; k < units; k++) h[k] = (1 - u[k]) * n[k] + u[k] * previous_h[k];
}

TARGET void NAME(gs_rnn_variant)(
  const struct gs_variant *variant, const float *restrict sums, size_t units,
  float *restrict h) {
  memcpy(h, sums, units * sizeof(float));
  NAME(activate)(variant->candidate, variant->clip, units, h);
}

TARGET void NAME(gs_elementwise_product)(
  const float *restrict a, const float *restrict b, size_t count, float *restrict product) {
#pragma clang loop vectorize(enable)
  for (size_t k = 0; k < count; k++) product[k] = a[k] * b[k];
}
