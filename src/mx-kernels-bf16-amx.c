/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Products of bfloat16, whole or split, in the tiles of Intel's AMX.  A tile is
 * a register of up to 16 rows of 64 bytes; one instruction multiplies 16 rows
 * of 16 pairs by 16 pairs of 16 columns and adds to 16 x 16 sums in floats.
 *
 * A block is one panel wide, two tiles, and up to two tiles high.  Its four
 * tiles of sums stay in registers over the whole depth, so that each tile that
 * is loaded serves two products, and of split numbers three.
 *
 * Only the system's saving of the registers must be asked for, once for the
 * process (mx-cpu.h). */

#include "mx-kernels-bf16-pairs.h"

#include <immintrin.h>
#include <string.h>
#ifdef MX_TILES_HEADER /* tests bring tiles of their own */
#  include MX_TILES_HEADER
#endif

#define SIDE 16 /* of a tile: rows; columns, or pairs */
#define ALIGNED _Alignas(64)

/* The compiler's own intrinsics do not say that they read and write memory. */
#define SETTLE_MEMORY() __asm__ volatile("" ::: "memory")

/* What is multiplied at a time: SIDE pairs of each row, by these pairs of each
 * column. */
typedef struct {
  const float *a, *next_a, *b; /* rows of a tile, of the next one */
  ptrdiff_t a_row, b_row;      /* in floats, as all strides */
  ptrdiff_t a_low, b_low;
} Chunk;

/* Chunks that would reach over the end of their rows or columns. */
typedef struct {
  ALIGNED float a[2][2 * SIDE][SIDE]; /* high, low */
  ALIGNED float b[2][SIDE][2 * SIDE];
} Copies;

typedef struct {
  size_t rows, cols;
  size_t tile_rows; /* of one of its tiles */
  bool tall, wide;  /* two tiles of rows, of columns */
  const float *a, *b;
} Block;

/* ------------------------------------------------------------- tiles */

/* The format is Intel's. */
typedef struct {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} Shapes;

/* Sums are tiles 0 to 3, two of the upper rows first; 4 and 5 are rows of the
 * left-hand side, 6 and 7 columns of the right-hand side. */
static void
shape_tiles (size_t rows)
{
  ALIGNED Shapes shapes = {.palette = 1};

  for (size_t tile = 0; tile < 8; tile++) {
    shapes.row_bytes[tile] = SIDE * sizeof (float);
    shapes.rows[tile] = tile < 6 ? (uint8_t)rows : SIDE;
  }
  SETTLE_MEMORY ();
  _tile_loadconfig (&shapes);
}

static void
clear_sums (void)
{
  _tile_zero (0);
  _tile_zero (1);
  _tile_zero (2);
  _tile_zero (3);
}

/* By both columns of tiles that were loaded.  @step: in bytes. */
static inline void
multiply_rows (const Block *block, const Chunk *chunk, ptrdiff_t low)
{
  const long step = (long)(chunk->a_row * (ptrdiff_t)sizeof (float));

  _tile_loadd (4, chunk->a + low, step);
  _tile_dpbf16ps (0, 4, 6);
  if (block->wide)
    _tile_dpbf16ps (1, 4, 7);
  if (!block->tall)
    return;
  _tile_loadd (5, chunk->next_a + low, step);
  _tile_dpbf16ps (2, 5, 6);
  if (block->wide)
    _tile_dpbf16ps (3, 5, 7);
}

/* Small products first, but for high by low: then the rows are there. */
static void
multiply_chunk (const Block *block, const Chunk *chunk)
{
  const long step = (long)(chunk->b_row * (ptrdiff_t)sizeof (float));

  _tile_loadd (6, chunk->b, step);
  if (block->wide)
    _tile_loadd (7, chunk->b + SIDE, step);
  if (chunk->a_low != 0)
    multiply_rows (block, chunk, chunk->a_low);
  multiply_rows (block, chunk, 0);
  if (chunk->b_low == 0)
    return;
  _tile_loadd (6, chunk->b + chunk->b_low, step);
  _tile_dpbf16ps (0, 4, 6);
  if (block->tall)
    _tile_dpbf16ps (2, 5, 6);
  if (!block->wide)
    return;
  _tile_loadd (7, chunk->b + chunk->b_low + SIDE, step);
  _tile_dpbf16ps (1, 4, 7);
  if (block->tall)
    _tile_dpbf16ps (3, 5, 7);
}

/* ------------------------------------------------------------ chunks */

/* Of the rows of a block: those of its second tile end with it, and may be some
 * of the first one, too. */
static size_t
row_of_tile (const Block *block, size_t tile, size_t i)
{
  return tile == 0 ? i : block->rows - block->tile_rows + i;
}

static void
copy_part (const MxMatmul *op, const Block *block, const float *a,
    const float *b, size_t pairs, Copies *copies, size_t part)
{
  for (size_t tile = 0; tile < 1u + block->tall; tile++)
    for (size_t i = 0; i < block->tile_rows; i++) {
      const ptrdiff_t row = (ptrdiff_t)row_of_tile (block, tile, i);

      for (size_t p = 0; p < pairs; p++)
        copies->a[part][tile * SIDE + i][p] =
            a[row * op->a_row + (ptrdiff_t)p * op->a_depth];
    }
  for (size_t p = 0; p < pairs; p++)
    memcpy (copies->b[part][p], b + (ptrdiff_t)p * op->b_depth,
        block->cols * sizeof *b);
}

/* Around them zeros. */
static Chunk
copy_chunk (const MxMatmul *op, const Block *block, const float *a,
    const float *b, size_t pairs, Copies *copies)
{
  const bool split = op->a_low != 0;

  memset (copies, 0, sizeof *copies);
  copy_part (op, block, a, b, pairs, copies, 0);
  if (split)
    copy_part (op, block, a + op->a_low, b + op->b_low, pairs, copies, 1);
  SETTLE_MEMORY ();
  return (Chunk){.a = copies->a[0][0],
      .next_a = copies->a[0][SIDE],
      .b = copies->b[0][0],
      .a_row = SIDE,
      .b_row = 2 * SIDE,
      .a_low = split ? 2 * SIDE * SIDE : 0,
      .b_low = split ? 2 * SIDE * SIDE : 0};
}

static void
multiply_depth (
    const MxMatmul *op, const Block *block, const float *a, const float *b)
{
  const bool whole_rows = op->a_depth == 1 && block->cols % SIDE == 0;
  const size_t second = row_of_tile (block, block->tall, 0);
  Copies copies;

  for (size_t p = 0; p < op->depth; p += SIDE) {
    const size_t pairs = op->depth - p < SIDE ? op->depth - p : SIDE;
    const float *chunk_a = a + (ptrdiff_t)p * op->a_depth;
    const float *chunk_b = b + (ptrdiff_t)p * op->b_depth;
    const Chunk there = {.a = chunk_a,
        .next_a = chunk_a + (ptrdiff_t)second * op->a_row,
        .b = chunk_b,
        .a_row = op->a_row,
        .b_row = op->b_depth,
        .a_low = op->a_low,
        .b_low = op->b_low};
    const Chunk chunk =
        whole_rows && pairs == SIDE
            ? there
            : copy_chunk (op, block, chunk_a, chunk_b, pairs, &copies);

    multiply_chunk (block, &chunk);
  }
}

/* ------------------------------------------------------------ blocks */

/* What follows the sums of a row. */
static void
finish_row (const MxMatmul *op, const float *sums, size_t cols,
    const float *bias, const float *add, float *c)
{
  for (size_t j = 0; j < cols; j += SIDE) {
    const __mmask16 lanes = (__mmask16)_bzhi_u32 (0xffff, (unsigned)(cols - j));
    __m512 value = _mm512_load_ps (sums + j);

    if (op->accumulate)
      value += _mm512_maskz_loadu_ps (lanes, c + j);
    else if (bias != NULL)
      value += _mm512_maskz_loadu_ps (lanes, bias + j);
    if (add != NULL)
      value += _mm512_maskz_loadu_ps (lanes, add + j);
    /* In this order what is not a number stays none. */
    if (op->activation == MX_ACTIVATION_RELU)
      value = _mm512_max_ps (_mm512_setzero_ps (), value);
    _mm512_mask_storeu_ps (c + j, lanes, value);
  }
}

/* @at: of its first element, in c and add; @col: in bias. */
static void
finish_block (const MxMatmul *op, const Block *block, ptrdiff_t at, size_t col)
{
  ALIGNED float sums[2 * SIDE][2 * SIDE];
  const long step = sizeof sums[0];

  _tile_stored (0, sums[0], step);
  if (block->wide)
    _tile_stored (1, sums[0] + SIDE, step);
  if (block->tall)
    _tile_stored (2, sums[SIDE], step);
  if (block->tall && block->wide)
    _tile_stored (3, sums[SIDE] + SIDE, step);
  SETTLE_MEMORY ();
  for (size_t i = 0; i < block->rows; i++) {
    const size_t tile = i >= block->tile_rows;
    const size_t first = row_of_tile (block, tile, 0);
    const ptrdiff_t row = at + (ptrdiff_t)i * op->c_row;

    finish_row (op, sums[tile * SIDE + i - first], block->cols,
        op->bias != NULL ? op->bias + col : NULL,
        op->add != NULL ? op->add + row : NULL, op->c + row);
  }
}

static void
multiply_block (
    const MxMatmul *op, const Block *block, ptrdiff_t at, size_t col)
{
  clear_sums ();
  for (size_t o = 0; o < op->depth_groups; o++)
    multiply_depth (op, block, block->a + (ptrdiff_t)o * op->a_depth_group,
        block->b + (ptrdiff_t)o * op->b_depth_group);
  finish_block (op, block, at, col);
}

/* The weights of a panel stay in the cache while the rows of a group pass. */
static void
multiply_panel (const MxMatmul *op, size_t group, size_t col, size_t blocks,
    size_t tile_rows)
{
  const size_t left = op->cols - col;
  Block block = {.tile_rows = tile_rows,
      .cols = left < MX_PANEL ? left : MX_PANEL,
      .b = op->b + (ptrdiff_t)group * op->b_group +
           (ptrdiff_t)(col / MX_PANEL) * op->b_panel};

  block.wide = block.cols > SIDE;
  for (size_t k = 0; k < blocks; k++) {
    const size_t first = k * op->rows / blocks;

    block.rows = (k + 1) * op->rows / blocks - first;
    block.tall = block.rows > tile_rows;
    block.a =
        op->a + (ptrdiff_t)group * op->a_group + (ptrdiff_t)first * op->a_row;
    multiply_block (op, &block,
        (ptrdiff_t)group * op->c_group + (ptrdiff_t)first * op->c_row +
            (ptrdiff_t)col,
        col);
  }
}

/* Blocks differ by at most a row, so that one shape of tiles serves all. */
static void
matmul (const MxMatmul *op)
{
  const size_t most = 2 * SIDE, blocks = (op->rows + most - 1) / most;
  const size_t block_rows = blocks > 0 ? (op->rows + blocks - 1) / blocks : 0;

  if (blocks == 0)
    return;
  shape_tiles (block_rows > SIDE ? (block_rows + 1) / 2 : block_rows);
  for (size_t group = 0; group < op->groups; group++)
    for (size_t col = 0; col < op->cols; col += MX_PANEL)
      multiply_panel (op, group, col, blocks,
          block_rows > SIDE ? (block_rows + 1) / 2 : block_rows);
  _tile_release ();
}

static const MxKernels products = {.name = "x86_64_v4_amx", .matmul = matmul};

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define TABLE JOIN (mx_kernels_bf16_, MX_KERNELS_SUFFIX)

extern const MxKernelsBf16 TABLE;

const MxKernelsBf16 TABLE = {
    .name = "x86_64_v4_amx",
    .numbers = 2,
    .round = mx_kernels_pairs_round,
    .products = &products,
    .split = mx_kernels_pairs_split,
    .split_products = &products,
};
