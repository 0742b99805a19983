#include "step_kernel.h"

#include <string.h>

#include "chosen.h"
#include "pack_rows.h"
#include "team.h"

void gs_pack_gates_part(
  const float *matrix, enum gs_cell cell, size_t units, size_t columns, size_t width, size_t first,
  size_t end, float *packed) {
  const size_t panel_units = gs_panel_units(cell), panel_rows = gs_panel_rows(cell);
  const float *rows[gs_most_width];
  for (size_t panel = first; panel < end; panel++) {
    for (size_t r = 0; r < width; r++) {
      size_t row = panel * width + r, gate = row % panel_rows / panel_units;
      size_t unit = row / panel_rows * panel_units + row % panel_units;
      rows[r] = unit < units ? matrix + (gate * units + unit) * columns : NULL;
    }
    gs_turn_rows(rows, width, columns, packed + panel * width * columns);
  }
}

void gs_pack_gates(
  const float *matrix, enum gs_cell cell, size_t units, size_t columns, size_t width,
  float *packed) {
  size_t rows = gs_panels(cell, units) * gs_panel_rows(cell);
  gs_pack_gates_part(matrix, cell, units, columns, width, 0, (rows + width - 1) / width, packed);
}

/* The steps with what does not change from one to the next. */
struct run {
  struct gs_steps steps;
  gs_panels_function panels;
  gs_multiply_function multiply;
  size_t hidden_offset; /* of h in a row of signals */
};

static size_t hidden_offset(const struct gs_layer *layer) {
  size_t before = gs_gates(layer->cell) + (layer->cell == gs_cell_lstm);
  if (layer->cell == gs_cell_rnn) before = 0;
  if (layer->projection != NULL) before++;
  return before * layer->units;
}

/* The part of `count` panels that falls to `part` of `parts`. */
static void share(size_t count, int part, int parts, size_t *first, size_t *end) {
  size_t middle = count - count / 2;
  *first = part == 0 ? 0 : middle;
  *end = parts == 2 && part == 0 ? middle : count;
}

/* P m for some panels of 64 outputs. A panel's product has room of its own: the outputs that pad it
 * would fall into the row that follows. */
static void project(const struct run *run, float *row, int part, int parts) {
  const struct gs_layer *layer = run->steps.layer;
  size_t first, end;
  share(gs_padded(layer->outputs) / gs_panel, part, parts, &first, &end);
  for (size_t panel = first; panel < end; panel++) {
    size_t output = panel * gs_panel;
    size_t count = layer->outputs - output < gs_panel ? layer->outputs - output : gs_panel;
    float h[gs_panel] = {0};
    run->multiply(
      layer->projection + output * layer->units, count, layer->units, row + 5 * layer->units, h);
    memcpy(row + run->hidden_offset + output, h, count * sizeof(float));
  }
}

static void take(const void *context, size_t phase, int part, int parts) {
  const struct run *run = context;
  const struct gs_steps *steps = &run->steps;
  const struct gs_layer *layer = steps->layer;
  size_t step = phase;
  if (layer->projection != NULL) {
    step = phase / 2;
    if (phase % 2 == 1) {
      project(run, steps->signals + (ptrdiff_t)step * steps->signals_stride, part, parts);
      return;
    }
  }
  struct gs_row row = {
    .sums = steps->sums + (ptrdiff_t)step * steps->sums_stride,
    .signals = steps->signals + (ptrdiff_t)step * steps->signals_stride,
    .h = steps->hidden,
    .c = steps->cell,
  };
  if (step > 0) {
    const float *before = row.signals - steps->signals_stride;
    row.h = before + run->hidden_offset;
    row.c = before + 4 * layer->units;
  }
  size_t first, end;
  share(gs_panels(layer->cell, layer->units), part, parts, &first, &end);
  run->panels(layer, row, first, end, step % 2 == 1);
}

void gs_team_steps(struct gs_team *team, const struct gs_steps *steps) {
  if (steps->count == 0) return;
  const struct gs_layer *layer = steps->layer;
  struct run run = {
    .steps = *steps, .panels = gs_chosen_panels(layer->cell), .multiply = gs_chosen_multiply(),
    .hidden_offset = hidden_offset(layer)};
  int is_small = gs_panels(layer->cell, layer->units) < 2;
  size_t phases = layer->projection == NULL ? steps->count : 2 * steps->count;
  gs_team_run(is_small ? NULL : team, take, &run, phases);
  const float *last = steps->signals + (ptrdiff_t)(steps->count - 1) * steps->signals_stride;
  memcpy(steps->hidden, last + run.hidden_offset, layer->outputs * sizeof(float));
  if (layer->cell == gs_cell_lstm) {
    memcpy(steps->cell, last + 4 * layer->units, layer->units * sizeof(float));
  }
}

void gs_finish_step(
  const struct gs_layer *layer, const float *sums, const float *recurrent_sums, const float *h,
  const float *c, float *signals) {
  struct gs_row row = {.sums = sums, .h = h, .c = c, .signals = signals};
  gs_chosen_finish(layer->cell)(layer, row, recurrent_sums);
}
