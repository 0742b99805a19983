/* Whole timesteps of a layer: R h', biases, activations and the new state in one pass over its
 * units.
 *
 * A panel is some units with all their gates. A step walks its panels; what a panel's weights give
 * stays in registers until it has become z, f, i, o, c and h. Every second step walks them
 * backwards, so that the weights read last, which are still in a cache, are the first again. */
#ifndef GATESCOPE_STEP_KERNEL_H
#define GATESCOPE_STEP_KERNEL_H

#include <stddef.h>

#include "lstm_kernel.h"
#include "team_kernel.h"

enum gs_cell { gs_cell_lstm, gs_cell_gru, gs_cell_rnn };

static inline size_t gs_gates(enum gs_cell cell) {
  return cell == gs_cell_lstm ? 4 : cell == gs_cell_gru ? 3 : 1;
}

/* Units of a panel: as many as keep the multiply-add units busy, and fit into AVX2's registers. */
static inline size_t gs_panel_units(enum gs_cell cell) {
  return cell == gs_cell_lstm ? 16 : cell == gs_cell_gru ? 32 : 64;
}

static inline size_t gs_panel_rows(enum gs_cell cell) {
  return gs_gates(cell) * gs_panel_units(cell);
}

static inline size_t gs_panels(enum gs_cell cell, size_t units) {
  return (units + gs_panel_units(cell) - 1) / gs_panel_units(cell);
}

/* The length of a step's sums W x + b: panel, gate, unit; padded for gs_multiply_rows. */
static inline size_t gs_sums_length(enum gs_cell cell, size_t units) {
  return gs_padded(gs_panels(cell, units) * gs_panel_rows(cell));
}

/* Packs a row-major (gates * units, columns) matrix, gate-major, with its rows in the order of the
 * sums, `width` rows at a time, column by column. Rows that pad are zero.
 * With a width of gs_panel it serves gs_multiply_rows and holds gs_sums_length * columns floats; so
 * does one column, a vector in the order of the sums. With gs_panel_rows it serves gs_team_steps
 * and holds gs_panels * gs_panel_rows * columns floats. */
void gs_pack_gates(
  const float *matrix, enum gs_cell cell, size_t units, size_t columns, size_t width,
  float *packed);

/* Some of what gs_pack_gates does: the panels first..<end of `width` rows, at most gs_most_width. */
enum { gs_most_width = 96 };
void gs_pack_gates_part(
  const float *matrix, enum gs_cell cell, size_t units, size_t columns, size_t width, size_t first,
  size_t end, float *packed);

/* A layer in one direction, with sigmoid gates and tanh. */
struct gs_layer {
  enum gs_cell cell;
  /* H, and the length of h: P where it is projected, else H. */
  size_t units, outputs;
  /* R (gates * H, outputs) after gs_pack_gates with gs_panel_rows. */
  const float *recurrent;
  /* GRU: b_R in the order of the sums. */
  const float *recurrent_bias;
  /* LSTM: (3, H) for f, i, o, each row padded to whole panels, or NULL. */
  const float *peepholes;
  /* LSTM: (P, H) after gs_pack, or NULL. */
  const float *projection;
};

/* Steps that follow each other. A step's row of signals is (signals, H): z, f, i, o, c, h, with a
 * projection m before h; r, u, n, h; or h. The strides, in floats, may be negative. */
struct gs_steps {
  const struct gs_layer *layer;
  size_t count;
  /* The first step's W x and biases, in the order of the sums. */
  const float *sums;
  ptrdiff_t sums_stride;
  /* The first step's row of signals. */
  float *signals;
  ptrdiff_t signals_stride;
  /* The state before the first step; receives that after the last. `cell` with an LSTM only. */
  float *hidden, *cell;
};

/* Takes the steps, alone where `team` is NULL; the same bits whoever computes which panel. */
void gs_team_steps(struct gs_team *team, const struct gs_steps *steps);

/* A step of one of several sequences, for which R h' was multiplied together: `sums` has W x, the
 * biases and, but for a GRU, R h'; `recurrent_sums` a GRU's b_R and R h', both in the order of the
 * sums. `h` and `c` are h' and c'. `signals` receives the row but for a projected h. The bits are
 * those of gs_team_steps where the products were added up as it does (gs_partial_sums). */
void gs_finish_step(
  const struct gs_layer *layer, const float *sums, const float *recurrent_sums, const float *h,
  const float *c, float *signals);

/* How many sums gs_multiply and gs_team_steps keep of a row's products, to which the columns go in
 * turn; they are added to the rest one after the other. */
size_t gs_partial_sums(void);

#endif
