/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a layer is: a struct of functions for its kind, and the record of one
 * layer in a program.  Adding a kind touches its own file and mx-layers.c. */
#pragma once

#include "mx-group.h"
#include "mx-json.h"
#include "mx-kernels.h"
#include "mx-parallel.h"
#include "mx-rng.h"
#include "mx-tensor.h"

typedef struct _MxLayer MxLayer;
typedef struct _MxLayerKind MxLayerKind;
typedef struct _MxPending MxPending; /* mx-pending.h */

typedef enum {
  MX_INIT_ZERO,
  MX_INIT_ONE,
  MX_INIT_NORMAL, /* mean 0, standard deviation `spread` */
  MX_INIT_UNIFORM /* in [-spread, spread) */
} MxInit;

#define MX_MAX_PARAMETERS 4

/* A tensor of weights.  Its full name is "<path of the layer>.<name>". */
typedef struct {
  const char *name; /* static */
  size_t n_dims, dims[3];
  size_t size;
  bool trainable; /* false: running statistics, scales */
  MxInit init;
  float spread;
  size_t offset; /* into the flat block of weights; set by the program */
  bool whole;    /* from -128 to 127; a byte each in a file */
} MxParameter;

/* What a file should have in place of number i of it, or NULL: w is good. */
const char *mx_parameter_expects (
    const MxParameter *parameter, size_t i, float w);

struct _MxLayer {
  const MxLayerKind *kind;
  char *path;   /* "stages.0.layers.2.main.0" */
  void *config; /* kind->config_size bytes; owns nothing */

  /* Values: 0 is the program's input, i + 1 what layer i writes.
   * inputs[1] is -1, or a second input of the shape of the output. */
  int inputs[2];
  MxShape in, out;

  MxParameter parameters[MX_MAX_PARAMETERS];
  size_t n_parameters;

  uint64_t macs; /* multiply-accumulates for one row */

  /* Frames of zeros wanted around inputs[0], and, when training, around the
   * gradient of the output. */
  size_t x_pad_left, x_pad_right, dy_pad_left, dy_pad_right;

  /* On a stream: frame n of the output comes from the frames stride n - back to
   * stride n + ahead of inputs[0], and from frame n of inputs[1].  Unless the
   * kind says otherwise: from frame n alone. */
  bool streamed;
  size_t stride;
  ptrdiff_t back, ahead;

  /* Weights in the order the kernels want them, how many: for inference, and
   * for training. */
  size_t prepared, prepared_training;
  /* For inference they are all in right-hand sides of products, taken by
   * mx_layer_set_weights(), and so may be stored in halves; whether they are.
   */
  bool may_halve, half;
  /* Floats kept from forward to backward, when training; also scratch. */
  size_t workspace, workspace_per_row;
  size_t scratch_per_row; /* floats of scratch, when not training */
  /* Floats of scratch when training, which all layers share: for all threads,
   * and for each one behind that. */
  size_t scratch, scratch_per_thread;
};

/* What one call of forward or backward works on. */
typedef struct {
  const MxKernels *kernels;
  MxParallel *parallel; /* NULL: this thread alone */
  MxPending *pending;   /* where tasks over rows wait; NULL: they do not */
  bool training;
  size_t rows;     /* of all tensors */
  size_t all_rows; /* of the batch that `group` trains on together */
  MxGroup *group;  /* NULL: alone */
  MxTensor x, x2, y;
  /* Backward only.  data is NULL where no gradient is wanted; accumulate: add
   * to what is there.  dx2 has the shape of y. */
  MxTensor dx, dx2, dy;
  bool accumulate[2];
  /* Of kinds that take it: y is behind it, and dy before the backward pass;
   * backward makes zeros of dy. */
  MxActivation activation;
  const size_t *last;    /* [rows], of each window the last frame of the
                          * program's input; NULL: that of the input */
  float *weights;        /* the flat block; statistics are updated in it */
  float *gradients;      /* laid out as weights; overwritten for this layer */
  const float *prepared; /* this layer's; of halves, if it says so */
  float *workspace;      /* this layer's: when not training, the scratch */
  float *scratch;        /* when training */
  MxRng rng;             /* this layer's at this step (dropout) */
} MxLayerRun;

struct _MxLayerKind {
  const char *name; /* as in the description: "conv1d" */
  size_t config_size;
  bool sums_group;   /* over all rows of the group: is run without rows too */
  bool passes_on;    /* the gradients of its inputs are that of its output */
  bool takes_relu;   /* when training, computes one that reads its output */
  bool needs_window; /* its output depends on all frames: cannot be streamed */
  /* Reads the layer's JSON object.  On entry kind, path, config (zeroed),
   * inputs, in and streamed are set; on success all else is, but parameter
   * offsets.
   * @classes: units of a dense layer that states none.
   * Errors go to `json`. */
  void (*parse) (MxLayer *layer, MxJson *json, size_t classes);
  /* Of a streamed layer in.time was changed: sets what follows from it, with a
   * frame of output for each `stride` frames of the input, the first included.
   * NULL: out.time is in.time, and nothing else follows. */
  void (*lengthen) (MxLayer *layer);
  /* Weights into kernel order: after loading, and after each update.  NULL if
   * prepared and prepared_training are 0. */
  void (*prepare) (const MxLayer *layer, const float *weights, float *prepared,
      bool training);
  void (*forward) (const MxLayer *layer, const MxLayerRun *run);
  void (*backward) (const MxLayer *layer, const MxLayerRun *run);
};

/* Declares one more parameter; @dims of the given number. */
MxParameter *mx_layer_add_parameter (MxLayer *layer, const char *name,
    size_t n_dims, const size_t *dims, bool trainable, MxInit init,
    float spread);

/* NULL: it has none of that name. */
const MxParameter *mx_layer_find_parameter (
    const MxLayer *layer, const char *name);

/* Runs `task (run, first_row, n_rows)` over all rows, in pieces that do not
 * depend on the number of threads; or has it wait in run->pending. */
typedef void (*MxRowsTask) (
    const MxLayer *layer, const MxLayerRun *run, size_t first, size_t n);
void mx_layer_run_rows (
    const MxLayer *layer, const MxLayerRun *run, MxRowsTask task);

/* In pieces of about so many rows. */
void mx_layer_run_pieces (
    const MxLayer *layer, const MxLayerRun *run, MxRowsTask task, size_t rows);

/* Before a layer looks at all rows: what waits is done. */
void mx_layer_settle (const MxLayerRun *run);

/* A right-hand side of MxMatmul, [depth][cols], in panels that lie one after
 * the other: the row of a panel, and all its floats. */
static inline size_t
mx_layer_panel_width (size_t cols)
{
  return cols < MX_PANEL ? cols : MX_PANEL;
}

static inline size_t
mx_layer_packed_size (size_t depth, size_t cols)
{
  return (cols + MX_PANEL - 1) / MX_PANEL * depth * mx_layer_panel_width (cols);
}

/* It begins at so many elements of what was prepared for inference. */
static inline void
mx_layer_set_weights (
    const MxLayer *layer, const MxLayerRun *run, size_t offset, MxMatmul *op)
{
  if (layer->half)
    op->b_half = (const MxHalf *)run->prepared + offset;
  else
    op->b = run->prepared + offset;
}

/* Row p of it: element j comes from from[j * step]. */
void mx_layer_pack_row (float *packed, size_t depth, size_t cols, size_t p,
    const float *from, size_t step);

/* The product, after turning groups of depth 1 into depth: kernels are fastest
 * along it. */
void mx_layer_matmul (const MxLayerRun *run, const MxMatmul *op);

/* A sum over the frames of the whole batch, in stretches of depth that stay in
 * the cache.  Without bias, add and activation. */
void mx_layer_matmul_long (const MxLayerRun *run, const MxMatmul *op);

/* gradient[c] = sum of dy over all frames: a bias is the weight of an input
 * that is always 1. */
void mx_layer_bias_gradient (const MxLayerRun *run, float *gradient);
