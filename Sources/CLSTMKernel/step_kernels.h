/* The text of step_kernel.h's panels, compiled once for each instruction set; see kernels.h. The
 * activations are the same expressions as in gs_lstm_cell and its neighbours, for as many units as
 * a panel has. */

/* sums = start + M x for 16 * `vectors` rows. */
TARGET inline __attribute__((always_inline)) void NAME(panel_sums)(
  const float *restrict panel, size_t columns, const float *restrict x,
  const float *restrict start, float *restrict sums, const int vectors) {
  float16 sum[UNROLL][6];
  for (int u = 0; u < UNROLL; u++) {
    for (int v = 0; v < vectors; v++) sum[u][v] = (float16){0};
  }
  size_t column = 0;
#pragma clang loop unroll_count(2)
  for (; column + UNROLL <= columns; column += UNROLL) {
    for (int u = 0; u < UNROLL; u++) {
      float xk = x[column + u];
      for (int v = 0; v < vectors; v++) {
        float16 weights = *(const float16_unaligned *)(panel + 16 * v);
        sum[u][v] = weights * xk + sum[u][v];
      }
      panel += 16 * vectors;
    }
  }
  for (; column < columns; column++) {
    for (int v = 0; v < vectors; v++) {
      float16 weights = *(const float16_unaligned *)(panel + 16 * v);
      sum[0][v] = weights * x[column] + sum[0][v];
    }
    panel += 16 * vectors;
  }
  for (int v = 0; v < vectors; v++) {
    float16 total = *(const float16_unaligned *)(start + 16 * v);
    for (int u = 0; u < UNROLL; u++) total = total + sum[u][v];
    *(float16_unaligned *)(sums + 16 * v) = total;
  }
}

/* 16 units; rows of `signals` stand `stride` floats apart, those of `peepholes` `padded`. */
TARGET inline __attribute__((always_inline)) void NAME(lstm_units)(
  const float *restrict sums, const float *restrict previous_c, const float *restrict peepholes,
  size_t padded, float *restrict signals, size_t stride) {
  float *z = signals, *f = z + stride, *i = f + stride, *o = i + stride, *c = o + stride,
        *h = c + stride;
  if (peepholes == NULL) {
#pragma clang loop vectorize(assume_safety)
    for (size_t u = 0; u < 16; u++) {
      float candidate = gs_tanh1(sums[u]);
      float forget = gs_sigmoid1(sums[16 + u]);
      float input = gs_sigmoid1(sums[32 + u]);
      float output = gs_sigmoid1(sums[48 + u]);
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
  const float *peephole_f = peepholes, *peephole_i = peepholes + padded,
              *peephole_o = peepholes + 2 * padded;
#pragma clang loop vectorize(assume_safety)
  for (size_t u = 0; u < 16; u++) {
    float candidate = gs_tanh1(sums[u]);
    float forget = gs_sigmoid1(sums[16 + u] + peephole_f[u] * previous_c[u]);
    float input = gs_sigmoid1(sums[32 + u] + peephole_i[u] * previous_c[u]);
    float cell = forget * previous_c[u] + input * candidate;
    float output = gs_sigmoid1(sums[48 + u] + peephole_o[u] * cell);
    z[u] = candidate;
    f[u] = forget;
    i[u] = input;
    o[u] = output;
    c[u] = cell;
    h[u] = output * gs_tanh1(cell);
  }
}

/* What the sums of a panel become. */
TARGET inline __attribute__((always_inline)) void NAME(lstm_panel)(
  const struct gs_layer *layer, const struct gs_row *row, size_t unit,
  const float *restrict sums) {
  const size_t units = layer->units, padded = gs_panels(gs_cell_lstm, units) * 16;
  const float *peepholes = layer->peepholes == NULL ? NULL : layer->peepholes + unit;
  if (unit + 16 <= units) {
    NAME(lstm_units)(sums, row->c + unit, peepholes, padded, row->signals + unit, units);
    return;
  }
  float previous_c[16] = {0}, signals[6 * 16];
  memcpy(previous_c, row->c + unit, (units - unit) * sizeof(float));
  NAME(lstm_units)(sums, previous_c, peepholes, padded, signals, 16);
  gs_scatter_signals(signals, 16, 6, row->signals + unit, units, units - unit);
}

TARGET void NAME(lstm_panels)(
  const struct gs_layer *layer, struct gs_row row, size_t first, size_t end, int backwards) {
  for (size_t n = first; n < end; n++) {
    size_t panel = backwards ? end - 1 - (n - first) : n;
    _Alignas(64) float sums[64];
    NAME(panel_sums)(
      layer->recurrent + panel * 64 * layer->outputs, layer->outputs, row.h,
      row.sums + panel * 64, sums, 4);
    NAME(lstm_panel)(layer, &row, panel * 16, sums);
  }
}

/* The same of sums to which the product has been added. */
TARGET void NAME(lstm_finish)(
  const struct gs_layer *layer, struct gs_row row, const float *recurrent_sums) {
  (void)recurrent_sums;
  for (size_t unit = 0; unit < layer->units; unit += 16) {
    NAME(lstm_panel)(layer, &row, unit, row.sums + unit * 4);
  }
}

/* 32 units. */
TARGET inline __attribute__((always_inline)) void NAME(gru_units)(
  const float *restrict input_sums, const float *restrict recurrent_sums,
  const float *restrict previous_h, float *restrict signals, size_t stride) {
  float *r = signals, *u = r + stride, *n = u + stride, *h = n + stride;
#pragma clang loop vectorize(assume_safety)
  for (size_t k = 0; k < 32; k++) {
    float reset = gs_sigmoid1(input_sums[k] + recurrent_sums[k]);
    float update = gs_sigmoid1(input_sums[32 + k] + recurrent_sums[32 + k]);
    float fresh = gs_tanh1(input_sums[64 + k] + reset * recurrent_sums[64 + k]);
    r[k] = reset;
    u[k] = update;
    n[k] = fresh;
    h[k] = (1 - update) * fresh + update * previous_h[k];
  }
}

TARGET inline __attribute__((always_inline)) void NAME(gru_panel)(
  const struct gs_layer *layer, const struct gs_row *row, size_t unit,
  const float *restrict recurrent_sums) {
  const size_t units = layer->units;
  const float *input_sums = row->sums + unit * 3;
  if (unit + 32 <= units) {
    NAME(gru_units)(input_sums, recurrent_sums, row->h + unit, row->signals + unit, units);
    return;
  }
  float previous_h[32] = {0}, signals[4 * 32];
  memcpy(previous_h, row->h + unit, (units - unit) * sizeof(float));
  NAME(gru_units)(input_sums, recurrent_sums, previous_h, signals, 32);
  gs_scatter_signals(signals, 32, 4, row->signals + unit, units, units - unit);
}

TARGET void NAME(gru_panels)(
  const struct gs_layer *layer, struct gs_row row, size_t first, size_t end, int backwards) {
  for (size_t n = first; n < end; n++) {
    size_t panel = backwards ? end - 1 - (n - first) : n;
    _Alignas(64) float sums[96];
    NAME(panel_sums)(
      layer->recurrent + panel * 96 * layer->outputs, layer->outputs, row.h,
      layer->recurrent_bias + panel * 96, sums, 6);
    NAME(gru_panel)(layer, &row, panel * 32, sums);
  }
}

TARGET void NAME(gru_finish)(
  const struct gs_layer *layer, struct gs_row row, const float *recurrent_sums) {
  for (size_t unit = 0; unit < layer->units; unit += 32) {
    NAME(gru_panel)(layer, &row, unit, recurrent_sums + unit * 3);
  }
}

TARGET inline __attribute__((always_inline)) void NAME(rnn_panel)(
  const struct gs_layer *layer, const struct gs_row *row, size_t unit,
  const float *restrict sums) {
  const size_t left = layer->units - unit;
  _Alignas(64) float shown[64];
#pragma clang loop vectorize(assume_safety)
  for (size_t k = 0; k < 64; k++) shown[k] = gs_tanh1(sums[k]);
  memcpy(row->signals + unit, shown, (left < 64 ? left : 64) * sizeof(float));
}

TARGET void NAME(rnn_panels)(
  const struct gs_layer *layer, struct gs_row row, size_t first, size_t end, int backwards) {
  for (size_t n = first; n < end; n++) {
    size_t panel = backwards ? end - 1 - (n - first) : n;
    _Alignas(64) float sums[64];
    NAME(panel_sums)(
      layer->recurrent + panel * 64 * layer->outputs, layer->outputs, row.h,
      row.sums + panel * 64, sums, 4);
    NAME(rnn_panel)(layer, &row, panel * 64, sums);
  }
}

TARGET void NAME(rnn_finish)(
  const struct gs_layer *layer, struct gs_row row, const float *recurrent_sums) {
  (void)recurrent_sums;
  for (size_t unit = 0; unit < layer->units; unit += 64) {
    NAME(rnn_panel)(layer, &row, unit, row.sums + unit);
  }
}
