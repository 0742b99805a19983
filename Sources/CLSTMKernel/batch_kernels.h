/* The text of the batch kernels, compiled once for each instruction set.
 * The including file defines NAME(f), TARGET, and how many rows of x and vectors of 16 results a
 * product keeps in registers: BLOCK_ROWS, SMALL_ROWS, BLOCK_VECTORS; and of how many columns the
 * weights of one block of results stay in the first cache beside x: CHUNK. */

/* Vectorising is asserted to be safe (no iteration reads what another writes): the run-time checks
 * for it would give up on gates that share one row. A predicate serves layers that are narrower
 * than a vector. */

#include "product_kernels.h"

TARGET void NAME(lstm_rows)(
  struct gs_rows s, const float *restrict bias, const float *restrict peepholes,
  const float *restrict previous_c, float *restrict gates, float *restrict c,
  float *restrict h) {
  const size_t n = s.units;
  for (size_t row = 0; row < s.rows; row++) {
    float *restrict g = gates + row * s.gate_stride;
    const float *restrict before = previous_c + row * s.state_stride;
    float *restrict cell = c + row * s.state_stride;
    float *restrict shown = h + row * s.state_stride;
    if (peepholes == NULL) {
#pragma clang loop vectorize(assume_safety) vectorize_predicate(enable)
      for (size_t u = 0; u < n; u++) {
        float z = gs_tanh1(g[u] + bias[u]);
        float f = gs_sigmoid1(g[n + u] + bias[n + u]);
        float i = gs_sigmoid1(g[2 * n + u] + bias[2 * n + u]);
        float o = gs_sigmoid1(g[3 * n + u] + bias[3 * n + u]);
        float now = f * before[u] + i * z;
        g[u] = z;
        g[n + u] = f;
        g[2 * n + u] = i;
        g[3 * n + u] = o;
        cell[u] = now;
        shown[u] = o * gs_tanh1(now);
      }
    } else {
#pragma clang loop vectorize(assume_safety) vectorize_predicate(enable)
      for (size_t u = 0; u < n; u++) {
        float z = gs_tanh1(g[u] + bias[u]);
        float f = gs_sigmoid1(g[n + u] + bias[n + u] + peepholes[u] * before[u]);
        float i = gs_sigmoid1(g[2 * n + u] + bias[2 * n + u] + peepholes[n + u] * before[u]);
        float now = f * before[u] + i * z;
        float o = gs_sigmoid1(g[3 * n + u] + bias[3 * n + u] + peepholes[2 * n + u] * now);
        g[u] = z;
        g[n + u] = f;
        g[2 * n + u] = i;
        g[3 * n + u] = o;
        cell[u] = now;
        shown[u] = o * gs_tanh1(now);
      }
    }
  }
}

TARGET void NAME(lstm_rows_backward)(
  struct gs_rows s, const float *restrict peepholes, const float *restrict previous_c,
  const float *restrict c, const float *restrict dh, float *restrict dc,
  float *restrict gates) {
  const size_t n = s.units;
  for (size_t row = 0; row < s.rows; row++) {
    float *restrict g = gates + row * s.gate_stride;
    const float *restrict before = previous_c + row * s.state_stride;
    const float *restrict cell = c + row * s.state_stride;
    const float *restrict dshown = dh + row * s.state_stride;
    float *restrict dcarried = dc + row * s.state_stride;
    if (peepholes == NULL) {
#pragma clang loop vectorize(assume_safety) vectorize_predicate(enable)
      for (size_t u = 0; u < n; u++) {
        float z = g[u], f = g[n + u], i = g[2 * n + u], o = g[3 * n + u];
        float squashed = gs_tanh1(cell[u]);
        float dcell = dcarried[u] + dshown[u] * o * (1 - squashed * squashed);
        g[u] = dcell * i * (1 - z * z);
        g[n + u] = dcell * before[u] * f * (1 - f);
        g[2 * n + u] = dcell * z * i * (1 - i);
        g[3 * n + u] = dshown[u] * squashed * o * (1 - o);
        dcarried[u] = dcell * f;
      }
    } else {
#pragma clang loop vectorize(assume_safety) vectorize_predicate(enable)
      for (size_t u = 0; u < n; u++) {
        float z = g[u], f = g[n + u], i = g[2 * n + u], o = g[3 * n + u];
        float squashed = gs_tanh1(cell[u]);
        float doutput = dshown[u] * squashed * o * (1 - o);
        float dcell =
          dcarried[u] + dshown[u] * o * (1 - squashed * squashed) + doutput * peepholes[2 * n + u];
        float dforget = dcell * before[u] * f * (1 - f);
        float dinput = dcell * z * i * (1 - i);
        g[u] = dcell * i * (1 - z * z);
        g[n + u] = dforget;
        g[2 * n + u] = dinput;
        g[3 * n + u] = doutput;
        dcarried[u] = dcell * f + dforget * peepholes[u] + dinput * peepholes[n + u];
      }
    }
  }
}

TARGET void NAME(peephole_gradient)(
  struct gs_rows s, const float *restrict dsums, const float *restrict previous_c,
  const float *restrict c, float *restrict dpeepholes) {
  const size_t n = s.units;
  memset(dpeepholes, 0, 3 * n * sizeof(float));
  for (size_t row = 0; row < s.rows; row++) {
    const float *restrict d = dsums + row * s.gate_stride;
    const float *restrict before = previous_c + row * s.state_stride;
    const float *restrict cell = c + row * s.state_stride;
#pragma clang loop vectorize(assume_safety) vectorize_predicate(enable)
    for (size_t u = 0; u < n; u++) {
      dpeepholes[u] += d[n + u] * before[u];
      dpeepholes[n + u] += d[2 * n + u] * before[u];
      dpeepholes[2 * n + u] += d[3 * n + u] * cell[u];
    }
  }
}

TARGET void NAME(gru_rows)(
  struct gs_rows s, const float *restrict input_bias, const float *restrict recurrent_bias,
  const float *restrict recurrent, const float *restrict previous_h, float *restrict gates,
  float *restrict recurrent_n, float *restrict h) {
  const size_t n = s.units;
  for (size_t row = 0; row < s.rows; row++) {
    float *restrict g = gates + row * s.gate_stride;
    const float *restrict back = recurrent + row * s.gate_stride;
    const float *restrict before = previous_h + row * s.state_stride;
    float *restrict inner = recurrent_n + row * s.state_stride;
    float *restrict shown = h + row * s.state_stride;
#pragma clang loop vectorize(assume_safety) vectorize_predicate(enable)
    for (size_t k = 0; k < n; k++) {
      float r = gs_sigmoid1(g[k] + input_bias[k] + back[k] + recurrent_bias[k]);
      float u = gs_sigmoid1(g[n + k] + input_bias[n + k] + back[n + k] + recurrent_bias[n + k]);
      float from_before = back[2 * n + k] + recurrent_bias[2 * n + k];
      float fresh = gs_tanh1(g[2 * n + k] + input_bias[2 * n + k] + r * from_before);
      g[k] = r;
      g[n + k] = u;
      g[2 * n + k] = fresh;
      inner[k] = from_before;
      shown[k] = (1 - u) * fresh + u * before[k];
    }
  }
}

TARGET void NAME(gru_rows_backward)(
  struct gs_rows s, const float *restrict recurrent_n, const float *restrict previous_h,
  const float *restrict dh, float *restrict gates, float *restrict drecurrent,
  float *restrict dprevious) {
  const size_t n = s.units;
  for (size_t row = 0; row < s.rows; row++) {
    float *restrict g = gates + row * s.gate_stride;
    float *restrict back = drecurrent + row * s.gate_stride;
    const float *restrict before = previous_h + row * s.state_stride;
    const float *restrict inner = recurrent_n + row * s.state_stride;
    const float *restrict dshown = dh + row * s.state_stride;
    float *restrict dbefore = dprevious + row * s.state_stride;
#pragma clang loop vectorize(assume_safety) vectorize_predicate(enable)
    for (size_t k = 0; k < n; k++) {
      float r = g[k], u = g[n + k], fresh = g[2 * n + k];
      float dfresh = dshown[k] * (1 - u) * (1 - fresh * fresh);
      float dupdate = dshown[k] * (before[k] - fresh) * u * (1 - u);
      float dreset = dfresh * inner[k] * r * (1 - r);
      g[k] = dreset;
      g[n + k] = dupdate;
      g[2 * n + k] = dfresh;
      back[k] = dreset;
      back[n + k] = dupdate;
      back[2 * n + k] = dfresh * r;
      dbefore[k] += dshown[k] * u;
    }
  }
}

TARGET void NAME(tanh_rows)(
  struct gs_rows s, const float *restrict bias, const float *restrict sums, float *restrict h) {
  for (size_t row = 0; row < s.rows; row++) {
    const float *restrict in = sums + row * s.gate_stride;
    float *restrict out = h + row * s.state_stride;
#pragma clang loop vectorize(assume_safety) vectorize_predicate(enable)
    for (size_t u = 0; u < s.units; u++) out[u] = gs_tanh1(in[u] + bias[u]);
  }
}

TARGET void NAME(tanh_rows_backward)(
  struct gs_rows s, const float *restrict h, const float *restrict dh, float *restrict sums) {
  for (size_t row = 0; row < s.rows; row++) {
    const float *restrict out = h + row * s.state_stride;
    const float *restrict dout = dh + row * s.state_stride;
    float *restrict in = sums + row * s.gate_stride;
#pragma clang loop vectorize(assume_safety) vectorize_predicate(enable)
    for (size_t u = 0; u < s.units; u++) in[u] = dout[u] * (1 - out[u] * out[u]);
  }
}

TARGET double NAME(softmax_loss)(
  size_t rows, size_t columns, size_t stride, const float *restrict bias,
  const int32_t *restrict targets, const float *restrict weights, float *restrict sums) {
  double loss = 0;
  for (size_t row = 0; row < rows; row++) {
    float *restrict y = sums + row * stride;
    if (targets != NULL && weights[row] == 0) {
      memset(y, 0, columns * sizeof(float));
      continue;
    }
#pragma clang loop vectorize(assume_safety)
    for (size_t k = 0; k < columns; k++) y[k] += bias[k];
    /* Whole vectors from here on: the gap is never the largest and adds 0. */
    for (size_t k = columns; k < stride; k++) y[k] = -INFINITY;
    float16 most = *(float16_unaligned *)y;
    for (size_t k = 16; k < stride; k += 16) {
      float16 next = *(float16_unaligned *)(y + k);
      most = __builtin_elementwise_max(most, next);
    }
    float largest = most[0];
    for (int lane = 1; lane < 16; lane++) largest = most[lane] > largest ? most[lane] : largest;
    float shown = targets != NULL ? y[targets[row]] - largest : 0;
#pragma clang loop vectorize(assume_safety)
    for (size_t k = 0; k < columns; k++) y[k] = gs_exp1(y[k] - largest);
    for (size_t k = columns; k < stride; k++) y[k] = 0;
    float16 sum = {0};
    for (size_t k = 0; k < stride; k += 16) sum += *(float16_unaligned *)(y + k);
    float total = 0;
    for (int lane = 0; lane < 16; lane++) total += sum[lane];
    float scale = 1 / total;
    if (targets != NULL) {
      loss += (double)weights[row] * (log((double)total) - (double)shown);
      scale *= weights[row];
    }
#pragma clang loop vectorize(assume_safety)
    for (size_t k = 0; k < columns; k++) y[k] *= scale;
    if (targets != NULL) y[targets[row]] -= weights[row];
  }
  return loss;
}

TARGET double NAME(sigmoid_loss)(
  size_t rows, size_t columns, size_t stride, const float *restrict bias,
  const float *restrict targets, const float *restrict weights, float *restrict sums) {
  double loss = 0;
  for (size_t row = 0; row < rows; row++) {
    float *restrict y = sums + row * stride;
    if (targets == NULL) {
      for (size_t k = 0; k < columns; k++) y[k] = gs_sigmoid1(y[k] + bias[k]);
      continue;
    }
    const float *restrict target = targets + row * columns;
    float weight = weights[row] / (float)columns;
    for (size_t k = 0; k < columns; k++) {
      if (weight == 0) {
        y[k] = 0;
        continue;
      }
      float s = y[k] + bias[k];
      /* log(1 + e^s) without overflow. */
      double soft = (s > 0 ? s : 0) + log1p(exp(s > 0 ? -(double)s : (double)s));
      loss += (double)weight * (soft - (double)s * (double)target[k]);
      y[k] = weight * (gs_sigmoid1(s) - target[k]);
    }
  }
  return loss;
}

TARGET double NAME(squared_loss)(
  size_t rows, size_t columns, size_t stride, const float *restrict bias,
  const float *restrict targets, const float *restrict weights, float *restrict sums) {
  double loss = 0;
  for (size_t row = 0; row < rows; row++) {
    float *restrict y = sums + row * stride;
    if (targets == NULL) {
      for (size_t k = 0; k < columns; k++) y[k] += bias[k];
      continue;
    }
    const float *restrict target = targets + row * columns;
    float weight = weights[row] / (float)columns;
    for (size_t k = 0; k < columns; k++) {
      if (weight == 0) {
        y[k] = 0;
        continue;
      }
      float difference = y[k] + bias[k] - target[k];
      loss += (double)weight * (double)difference * (double)difference;
      y[k] = 2 * weight * difference;
    }
  }
  return loss;
}

TARGET void NAME(add_rows)(
  size_t rows, size_t columns, size_t stride, const int32_t *restrict tokens,
  const float *restrict in, float *restrict table, size_t table_stride) {
  for (size_t row = 0; row < rows; row++) {
    float *restrict to = table + (tokens != NULL ? (size_t)tokens[row] * table_stride : 0);
    const float *restrict from = in + row * stride;
#pragma clang loop vectorize(assume_safety)
    for (size_t k = 0; k < columns; k++) to[k] += from[k];
  }
}

TARGET void NAME(dropout_rows)(
  size_t rows, size_t columns, size_t stride, size_t batch, size_t sequences, uint32_t first,
  uint32_t key, float keep, const float *restrict in, float *restrict out) {
  const uint32_t limit = gs_dropout_limit(keep);
  const float scale = 1 / keep;
  for (size_t row = 0; row < rows; row++) {
    const float *restrict from = in + row * stride;
    float *restrict to = out + row * stride;
    const uint32_t number =
      first + (uint32_t)((row / batch * sequences + row % batch) * columns);
#pragma clang loop vectorize(assume_safety)
    for (uint32_t k = 0; k < (uint32_t)columns; k++) {
      to[k] = gs_dropout_hash(number + k, key) < limit ? from[k] * scale : 0;
    }
  }
}

TARGET void NAME(noise_rows)(
  size_t rows, size_t columns, size_t stride, size_t batch, size_t sequences, uint32_t first,
  uint32_t key, float deviation, float *restrict values) {
  for (size_t row = 0; row < rows; row++) {
    float *restrict v = values + row * stride;
    const uint32_t number =
      first + (uint32_t)((row / batch * sequences + row % batch) * columns);
#pragma clang loop vectorize(assume_safety)
    for (uint32_t k = 0; k < (uint32_t)columns; k++) {
      v[k] += gs_noise1(number + k, key, deviation);
    }
  }
}

TARGET void NAME(adam_step)(
  struct gs_adam a, size_t count, const float *restrict gradients, float *restrict first,
  float *restrict second, float *restrict parameters) {
  const float step = a.rate / a.correction1;
  const float inverse = 1 / a.correction2;
#pragma clang loop vectorize(assume_safety)
  for (size_t k = 0; k < count; k++) {
    float g = gradients[k] * a.scale;
    float m = a.beta1 * first[k] + (1 - a.beta1) * g;
    float v = a.beta2 * second[k] + (1 - a.beta2) * g * g;
    first[k] = m;
    second[k] = v;
    float p = parameters[k];
    parameters[k] = p - step * m / (__builtin_elementwise_sqrt(v * inverse) + a.epsilon) - a.rate * a.decay * p;
  }
}

static const struct batch_kernels NAME(batch_table) = {
  NAME(multiply_rows), NAME(lstm_rows), NAME(lstm_rows_backward), NAME(peephole_gradient),
  NAME(gru_rows), NAME(gru_rows_backward), NAME(tanh_rows), NAME(tanh_rows_backward),
  NAME(softmax_loss), NAME(sigmoid_loss), NAME(squared_loss), NAME(add_rows),
  NAME(dropout_rows), NAME(noise_rows), NAME(adam_step),
};
