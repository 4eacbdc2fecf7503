/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The primitives in GCC vector extensions: one source, built once for each
 * instruction set, which decides how wide a vector is and how many rows of a
 * product find room in its registers.
 *
 * With MX_PAIRS, the matrix product alone, where a float of a and of b is two
 * numbers of 16 bits (mx-kernels-bf16.h). */

#include "mx-kernels-back.h"
#include "mx-kernels-vector.h"

#include <stdint.h>

#if defined(MX_PAIRS)
#  define NAME "x86-64-v4-bf16"
#elif defined(__AVX512F__)
#  define NAME "x86-64-v4"
#elif defined(__AVX2__)
#  define NAME "x86-64-v3"
#elif defined(__aarch64__)
#  define NAME "neon"
#else
#  define NAME "x86-64-v2"
#endif

#if defined(__AVX512F__)
#  define LANES 16
#  define BLOCK_ROWS 14 /* 32 registers: 28 sums, 2 of b, 1 of a */
#  define WIDEST 8      /* 16 sums, 8 of b, 1 of a */
#  define WIDEST_ROWS 2
#  define WIDER 6 /* 18 sums, 6 of b, 1 of a */
#elif defined(__AVX2__)
#  define LANES 8
#  define BLOCK_ROWS 6 /* 16 registers: 12 sums, 2 of b, 1 of a */
#  define WIDEST 8
#  define WIDEST_ROWS 1
#elif defined(__aarch64__)
#  define LANES 4
#  define BLOCK_ROWS 14
#  define WIDEST 8
#  define WIDEST_ROWS 2
#else
#  define LANES 4
#  define BLOCK_ROWS 6 /* as for AVX2, and 1 product: there is no FMA */
#  define WIDEST 8
#  define WIDEST_ROWS 1
#endif

#define TABLE JOIN (mx_kernels_, MX_KERNELS_SUFFIX)
#define TILES_IN JOIN (mx_kernels_tiles_in_, MX_KERNELS_SUFFIX)
#define TILES_OUT JOIN (mx_kernels_tiles_out_, MX_KERNELS_SUFFIX)
#define MEL JOIN (mx_kernels_mel_, MX_KERNELS_SUFFIX)
#define LOG JOIN (mx_kernels_log_, MX_KERNELS_SUFFIX)
#define PCEN JOIN (mx_kernels_pcen_, MX_KERNELS_SUFFIX)

/* Of products of so few rows it is conversion that decides.  AVX-512 processors
 * that make two operations of one convert 16 halves slower than twice 8. */
#if defined(__AVX512F__) && !defined(MX_PAIRS)
#  define HAVE_NARROW_HALVES
#  define FEWEST_ROWS 2
#endif

/* A product of so few rows takes less time for a step than its columns of b
 * need to come from behind L1: it is memory that decides.  More vectors side by
 * side are more streams for the processor to fetch ahead, and enough sums to
 * wait for one while others are added to; what asks for b early takes turns
 * from what loads it. */
#define FEW_ROWS 3

#define CACHE_LINE 64 /* bytes */
/* How far ahead b is fetched where rows are more: weights seldom fit into L2.
 */
#define PREFETCH_STEPS 32
/* Where the steps of the depth lie scattered, each takes a cache line of its
 * own.  After so many, the next rows start over while these lines are near;
 * the more a step computes, the later. */
#define SCATTERED_STEPS (32 * LANES)

/* Rows of a depthwise convolution that share a load of the weights. */
#define FILTER_ROWS 4

/* Some rows of c, and columns within one panel of b. */
typedef struct {
  const MxMatmul *op;
  size_t rows, cols;
  const float *a;
  const char *b; /* floats, or halves */
  float *c;
  const float *bias, *add; /* or NULL */
} Block;

static size_t
smaller (size_t a, size_t b)
{
  return a < b ? a : b;
}

/* A strip wider than a panel begins with one and ends with one. */
#define WIDTH LANES
#define VECTORS WIDEST
#define ROWS WIDEST_ROWS
#include "mx-kernels-strip.h"
#ifdef WIDER
#  define WIDTH LANES
#  define VECTORS WIDER
#  define ROWS FEW_ROWS
#  include "mx-kernels-strip.h"
#endif
#ifdef HAVE_NARROW_HALVES
#  define WIDTH 8
#  define VECTORS 8
#  define ROWS FEWEST_ROWS
#  define HALVES_ONLY
#  include "mx-kernels-strip.h"
#endif
#define WIDTH LANES
#define VECTORS 4
#define ROWS FEW_ROWS
#include "mx-kernels-strip.h"
#define WIDTH LANES
#define VECTORS 2
#define ROWS BLOCK_ROWS
#include "mx-kernels-strip.h"
#define WIDTH LANES
#define VECTORS 1
#define ROWS BLOCK_ROWS
#include "mx-kernels-strip.h"
/* Columns left over. */
#ifdef HAVE_PART
#  define WIDTH LANES
#  define VECTORS 1
#  define ROWS BLOCK_ROWS
#  define PART
#  include "mx-kernels-strip.h"
#else
#  define WIDTH 1
#  define VECTORS 1
#  define ROWS BLOCK_ROWS
#  include "mx-kernels-strip.h"
#endif

#ifdef MX_PAIRS
#  define MULTIPLY(name) JOIN (multiply, name), NULL, NULL
#  define FILTER(name) NULL
#else
#  define MULTIPLY(name)                                                       \
    JOIN (multiply, name), JOIN (multiply_half, name), JOIN (add_frames, name)
#  define FILTER(name) JOIN (filter, name)
#endif

/* Widest first, each for a number of columns and of rows. */
static const struct {
  size_t least_cols, most_cols, most_rows;
  void (*multiply) (const Block *block); /* or NULL */
  void (*multiply_half) (const Block *block);
  void (*add_frames) (
      size_t n, size_t channels, const float *x, size_t cols, float *sum);
  void (*filter) (const MxDepthwise *op, size_t channel); /* or NULL */
} strips[] = {
#ifdef HAVE_NARROW_HALVES
    {8 * 8, 8 * 8, FEWEST_ROWS, NULL, multiply_half8x8, NULL, NULL},
#endif
    {WIDEST * LANES, WIDEST *LANES, WIDEST_ROWS,
        MULTIPLY (JOIN (WIDEST, JOIN (x, LANES)))},
#ifdef WIDER
    {WIDER * LANES, WIDER *LANES, FEW_ROWS,
        MULTIPLY (JOIN (WIDER, JOIN (x, LANES)))},
#endif
    {4 * LANES, 4 * LANES, FEW_ROWS, MULTIPLY (JOIN (4x, LANES))},
    {2 * LANES, 2 * LANES, SIZE_MAX, MULTIPLY (JOIN (2x, LANES)),
        FILTER (JOIN (2x, LANES))},
    {LANES, LANES, SIZE_MAX, MULTIPLY (JOIN (1x, LANES)),
        FILTER (JOIN (1x, LANES))},
#ifdef HAVE_PART
    {1, LANES - 1, SIZE_MAX, MULTIPLY (_part), FILTER (_part)},
#else
    {1, 1, SIZE_MAX, MULTIPLY (1x1), FILTER (1x1)},
#endif
};

/* n things in parts of `most` at most, as even as can be: 49 in parts of 14 are
 * 12 + 12 + 12 + 13. */
static size_t
count_parts (size_t n, size_t most)
{
  return n == 0 ? 1 : (n - 1) / most + 1;
}

static size_t
start_of_part (size_t k, size_t parts, size_t n)
{
  return n * k / parts;
}

/* b from so many elements on */
static const char *
find_b (const MxMatmul *op, ptrdiff_t at)
{
  return op->b_half != NULL ? (const char *)(op->b_half + at)
                            : (const char *)(op->b + at);
}

/* Each depth group in chains, whose sums are added up in c. */
static void
multiply_chains (const Block *block, void (*multiply) (const Block *block))
{
  const MxMatmul *op = block->op;
  MxMatmul chain = *op;
  Block part = *block;

  part.op = &chain;
  chain.depth_groups = 1;
  for (size_t o = 0; o < op->depth_groups; o++) {
    for (size_t p = 0; p < op->depth; p += op->chain) {
      part.a = block->a + (ptrdiff_t)o * op->a_depth_group +
               (ptrdiff_t)p * op->a_depth;
      part.b = block->b +
               ((ptrdiff_t)o * op->b_depth_group + (ptrdiff_t)p * op->b_depth) *
                   (op->b_half != NULL ? (ptrdiff_t)sizeof (MxHalf)
                                       : (ptrdiff_t)sizeof (float));
      chain.depth = smaller (op->chain, op->depth - p);
      multiply (&part);
      part.bias = NULL;
      chain.accumulate = false;
      part.add = part.c;
    }
  }
}

/* All groups and rows of the columns from `col` on: one panel of b serves all
 * of them while it is near. */
static void
multiply_columns (const MxMatmul *op, ptrdiff_t col, size_t cols,
    void (*multiply) (const Block *block))
{
  const size_t parts = count_parts (op->rows, BLOCK_ROWS);
  const size_t least = op->rows / parts, more = op->rows % parts;
  Block block = {
      .op = op,
      .cols = cols,
      .b = find_b (op, col / MX_PANEL * op->b_panel + col % MX_PANEL),
      .bias = op->bias != NULL ? op->bias + col : NULL,
  };

  for (size_t g = 0; g < op->groups; g++) {
    size_t row = 0;

    for (size_t k = 0; k < parts; k++, row += block.rows) {
      ptrdiff_t at =
          (ptrdiff_t)g * op->c_group + (ptrdiff_t)row * op->c_row + col;

      block.rows = least + (k < more);
      block.a = op->a + (ptrdiff_t)g * op->a_group + (ptrdiff_t)row * op->a_row;
      block.c = op->c + at;
      block.add = op->add != NULL ? op->add + at : NULL;
      if (op->chain > 0)
        multiply_chains (&block, multiply);
      else
        multiply (&block);
    }
  }
}

static void
multiply_all (const MxMatmul *op)
{
  size_t left = op->cols;

  for (size_t k = 0; left > 0; k++) {
    void (*multiply) (const Block *block) =
        op->b_half != NULL ? strips[k].multiply_half : strips[k].multiply;

    if (op->rows > strips[k].most_rows || multiply == NULL)
      continue;
    while (left >= strips[k].least_cols) {
      size_t cols = smaller (left, strips[k].most_cols);

      multiply_columns (op, (ptrdiff_t)(op->cols - left), cols, multiply);
      left -= cols;
    }
  }
}

/* Stretches of depth groups, each adding to what the one before left in c.
 * Registers and memory hold the same floats: the sums are those of one go. */
static void
multiply_in_stretches (const MxMatmul *op, size_t most)
{
  const size_t parts = count_parts (op->depth_groups, most);
  MxMatmul stretch = *op;

  stretch.add = NULL;
  stretch.activation = MX_ACTIVATION_NONE;
  for (size_t k = 0; k < parts; k++) {
    size_t o = start_of_part (k, parts, op->depth_groups);

    stretch.depth_groups = start_of_part (k + 1, parts, op->depth_groups) - o;
    stretch.a = op->a + (ptrdiff_t)o * op->a_depth_group;
    if (op->b_half != NULL)
      stretch.b_half = op->b_half + (ptrdiff_t)o * op->b_depth_group;
    else
      stretch.b = op->b + (ptrdiff_t)o * op->b_depth_group;
    if (k == parts - 1) {
      stretch.add = op->add;
      stretch.activation = op->activation;
    }
    multiply_all (&stretch);
    stretch.accumulate = true;
  }
}

static void
multiply_group (const MxMatmul *op)
{
  if (op->a_depth == 1 || op->depth_groups * op->depth <= SCATTERED_STEPS)
    multiply_all (op);
  else
    multiply_in_stretches (op, SCATTERED_STEPS / op->depth + 1);
}

/* Each with all of its own b before the next one. */
static void
multiply_groups (const MxMatmul *op)
{
  MxMatmul group = *op;

  group.groups = 1;
  for (size_t g = 0; g < op->groups; g++) {
    multiply_group (&group);
    group.a += op->a_group;
    group.c += op->c_group;
    if (op->add != NULL)
      group.add += op->c_group;
    if (op->b_half != NULL)
      group.b_half += op->b_group;
    else
      group.b += op->b_group;
  }
}

static void
matmul (const MxMatmul *op)
{
  MxMatmul turned;

  if (op->b_group != 0) {
    multiply_groups (op);
    return;
  }
  /* Groups of one row are rows. */
  if (op->rows == 1 && op->groups != 1) {
    turned = *op;
    turned.groups = 1;
    turned.rows = op->groups;
    turned.a_row = op->a_group;
    turned.c_row = op->c_group;
    op = &turned;
  }
  multiply_group (op);
}

extern const MxKernels TABLE;

#ifdef MX_PAIRS
const MxKernels TABLE = {.name = NAME, .matmul = matmul};
#else
static void
depthwise (const MxDepthwise *op)
{
  size_t left = op->channels;

  for (size_t k = 0; left > 0; k++) {
    if (strips[k].filter == NULL)
      continue;
    while (left >= strips[k].least_cols) {
      strips[k].filter (op, op->channels - left);
      left -= smaller (left, strips[k].most_cols);
    }
  }
}

static void
channel_sum (size_t n, size_t channels, const float *x, float *sum)
{
  size_t done = 0;

  for (size_t k = 0; done < channels; k++) {
    while (strips[k].add_frames != NULL &&
           channels - done >= strips[k].least_cols) {
      size_t cols = smaller (channels - done, strips[k].most_cols);

      strips[k].add_frames (n, channels, x + done, cols, sum + done);
      done += cols;
    }
  }
}

/* Of mx-kernels-tiles.c. */
void TILES_IN (const MxTilesIn *op);
void TILES_OUT (const MxTilesOut *op);

/* Of mx-kernels-mel.c and mx-kernels-log.c. */
void MEL (const MxMelOp *op);
void LOG (size_t n, float floor, float *x);
void PCEN (const MxPcen *pcen, size_t n, float *x, float *smooth);

const MxKernels TABLE = {
    .name = NAME,
    .matmul = matmul,
    .depthwise = depthwise,
    .tiles_in = TILES_IN,
    .tiles_out = TILES_OUT,
    .tiles_back = TILES_BACK,
    .affine = AFFINE,
    .channel_sum = channel_sum,
    .channel_deviation = CHANNEL_DEVIATION,
    .norm_sums = NORM_SUMS,
    .norm_gradient = NORM_GRADIENT,
    .add = ADD,
    .mask = MASK,
    .mel = MEL,
    .log = LOG,
    .pcen = PCEN,
};
#endif
