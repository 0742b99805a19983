/* The kernels' text, compiled once for each instruction set.
 * The including file defines NAME(f), TARGET and UNROLL (columns handled together, so that the
 * multiply-add latency is hidden without spilling accumulators). */

TARGET void NAME(gs_multiply)(
  const float *restrict packed, size_t rows, size_t columns, const float *restrict x,
  float *restrict y) {
  for (size_t row = 0; row < rows; row += gs_panel) {
    const float *panel = packed + row * columns;
    float16 sum[UNROLL][4] = {{{0}}};
    size_t column = 0;
    for (; column + UNROLL <= columns; column += UNROLL) {
      for (int u = 0; u < UNROLL; u++) {
        const float *w = panel + (column + u) * gs_panel;
        __builtin_prefetch(w + 16 * gs_panel);
        float xk = x[column + u];
        for (int v = 0; v < 4; v++) {
          float16 weights = *(const float16_unaligned *)(w + 16 * v);
          sum[u][v] = weights * xk + sum[u][v];
        }
      }
    }
    for (; column < columns; column++) {
      const float *w = panel + column * gs_panel;
      for (int v = 0; v < 4; v++) {
        float16 weights = *(const float16_unaligned *)(w + 16 * v);
        sum[0][v] = weights * x[column] + sum[0][v];
      }
    }
    for (int v = 0; v < 4; v++) {
      float16 total = *(const float16_unaligned *)(y + row + 16 * v);
      for (int u = 0; u < UNROLL; u++) total = total + sum[u][v];
      *(float16_unaligned *)(y + row + 16 * v) = total;
    }
  }
}

TARGET void NAME(gs_lstm_cell)(
  const float *restrict sums, const float *restrict previous_c, const float *restrict peepholes,
  size_t units, float *restrict signals) {
  const float *sum_z = sums, *sum_f = sums + units, *sum_i = sums + 2 * units,
              *sum_o = sums + 3 * units;
  float *z = signals, *f = z + units, *i = f + units, *o = i + units, *c = o + units,
        *h = c + units;
  if (peepholes == NULL) {
#pragma clang loop vectorize(enable)
    for (size_t u = 0; u < units; u++) {
      float candidate = gs_tanh1(sum_z[u]);
      float forget = gs_sigmoid1(sum_f[u]);
      float input = gs_sigmoid1(sum_i[u]);
      float output = gs_sigmoid1(sum_o[u]);
      float cell = forget * previous_c[u] + input * candidate;
      z[u] = candidate;
      f[u] = forget;
      i[u] = input;
      o[u] = output;
      c[u] = cell;
      h[u] = output * gs_tanh1(cell);
    }
    return;
  }
  const float *peephole_f = peepholes, *peephole_i = peepholes + units,
              *peephole_o = peepholes + 2 * units;
#pragma clang loop vectorize(enable)
  for (size_t u = 0; u < units; u++) {
    float candidate = gs_tanh1(sum_z[u]);
    float forget = gs_sigmoid1(sum_f[u] + peephole_f[u] * previous_c[u]);
    float input = gs_sigmoid1(sum_i[u] + peephole_i[u] * previous_c[u]);
    float cell = forget * previous_c[u] + input * candidate;
    float output = gs_sigmoid1(sum_o[u] + peephole_o[u] * cell);
    z[u] = candidate;
    f[u] = forget;
    i[u] = input;
    o[u] = output;
    c[u] = cell;
    h[u] = output * gs_tanh1(cell);
  }
}

TARGET void NAME(gs_gru_cell)(
  const float *restrict input_sums, const float *restrict recurrent_sums,
  const float *restrict previous_h, size_t units, float *restrict signals) {
  float *r = signals, *u = r + units, *n = u + units, *h = n + units;
#pragma clang loop vectorize(enable)
  for (size_t k = 0; k < units; k++) {
    float reset = gs_sigmoid1(input_sums[k] + recurrent_sums[k]);
    float update = gs_sigmoid1(input_sums[units + k] + recurrent_sums[units + k]);
    float fresh = gs_tanh1(input_sums[2 * units + k] + reset * recurrent_sums[2 * units + k]);
    r[k] = reset;
    u[k] = update;
    n[k] = fresh;
    h[k] = (1 - update) * fresh + update * previous_h[k];
  }
}

TARGET void NAME(gs_tanh)(const float *restrict sums, size_t units, float *restrict h) {
#pragma clang loop vectorize(enable)
  for (size_t u = 0; u < units; u++) h[u] = gs_tanh1(sums[u]);
}

TARGET void NAME(gs_lstm_cell_backward)(
  const float *restrict signals, const float *restrict previous_c,
  const float *restrict peepholes, const float *restrict dh, float *restrict dc, size_t units,
  float *restrict dsums) {
  const float *z = signals, *f = z + units, *i = f + units, *o = i + units, *c = o + units;
  float *dz = dsums, *df = dz + units, *di = df + units, *d_o = di + units;
  if (peepholes == NULL) {
#pragma clang loop vectorize(enable)
    for (size_t u = 0; u < units; u++) {
      float shown = gs_tanh1(c[u]);
      d_o[u] = dh[u] * shown * o[u] * (1 - o[u]);
      float dcell = dc[u] + dh[u] * o[u] * (1 - shown * shown);
      dz[u] = dcell * i[u] * (1 - z[u] * z[u]);
      df[u] = dcell * previous_c[u] * f[u] * (1 - f[u]);
      di[u] = dcell * z[u] * i[u] * (1 - i[u]);
      dc[u] = dcell * f[u];
    }
    return;
  }
  const float *peephole_f = peepholes, *peephole_i = peepholes + units,
              *peephole_o = peepholes + 2 * units;
#pragma clang loop vectorize(enable)
  for (size_t u = 0; u < units; u++) {
    float shown = gs_tanh1(c[u]);
    float doutput = dh[u] * shown * o[u] * (1 - o[u]);
    float dcell = dc[u] + dh[u] * o[u] * (1 - shown * shown) + doutput * peephole_o[u];
    float dforget = dcell * previous_c[u] * f[u] * (1 - f[u]);
    float dinput = dcell * z[u] * i[u] * (1 - i[u]);
    dz[u] = dcell * i[u] * (1 - z[u] * z[u]);
    df[u] = dforget;
    di[u] = dinput;
    d_o[u] = doutput;
    dc[u] = dcell * f[u] + dforget * peephole_f[u] + dinput * peephole_i[u];
  }
}

TARGET void NAME(gs_gru_cell_backward)(
  const float *restrict signals, const float *restrict recurrent_n,
  const float *restrict previous_h, const float *restrict dh, size_t units,
  float *restrict dinput, float *restrict drecurrent, float *restrict dprevious) {
  const float *r = signals, *u = r + units, *n = u + units;
#pragma clang loop vectorize(enable)
  for (size_t k = 0; k < units; k++) {
    float dn = dh[k] * (1 - u[k]) * (1 - n[k] * n[k]);
    float du = dh[k] * (previous_h[k] - n[k]) * u[k] * (1 - u[k]);
    float dr = dn * recurrent_n[k] * r[k] * (1 - r[k]);
    dinput[k] = dr;
    dinput[units + k] = du;
    dinput[2 * units + k] = dn;
    drecurrent[k] = dr;
    drecurrent[units + k] = du;
    drecurrent[2 * units + k] = dn * r[k];
    dprevious[k] = dh[k] * u[k];
  }
}

#include "step_kernels.h"
#include "variant_kernels.h"

static const struct kernels NAME(table) = {
  NAME(gs_multiply), NAME(gs_lstm_cell), NAME(gs_gru_cell), NAME(gs_tanh),
  NAME(gs_lstm_cell_backward), NAME(gs_gru_cell_backward), NAME(gs_lstm_variant),
  NAME(gs_gru_variant_gates), NAME(gs_gru_variant_candidate), NAME(gs_rnn_variant),
  NAME(gs_elementwise_product), KERNEL_NAME, NAME(lstm_panels), NAME(gru_panels),
  NAME(rnn_panels), NAME(lstm_finish), NAME(gru_finish), NAME(rnn_finish), UNROLL,
};
