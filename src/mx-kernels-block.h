/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The heart of the matrix product, a template: mx-kernels-simd.c includes it
 * once for each shape of block, which it gives as
 *
 *   WIDTH    floats in a vector
 *   VECTORS  vectors in a row of the block
 *   ROWS     most rows of a block
 *
 * A block of c stays in registers while the whole depth passes by.  Every
 * element is one chain of multiplications and additions in the order of the
 * depth, whatever block it falls into: a row gives the same result alone and
 * among others. */

#define NAMED(name) JOIN (JOIN (name, VECTORS), JOIN (x, WIDTH))
#define VECTOR NAMED (Vector)
#define PACKED NAMED (Packed)
#define BITS NAMED (Bits)

typedef float VECTOR __attribute__ ((vector_size (WIDTH * sizeof (float))));
typedef int BITS __attribute__ ((vector_size (WIDTH * sizeof (int))));
/* A vector in memory, wherever floats may lie. */
typedef float PACKED __attribute__ ((
    vector_size (WIDTH * sizeof (float)), aligned (sizeof (float)), may_alias));

/* Not a number stays not a number. */
static ALWAYS_INLINE VECTOR
NAMED (activate) (MxActivation activation, VECTOR x)
{
  if (activation == MX_ACTIVATION_RELU)
    x = (VECTOR)(~(x < 0.0f) & (BITS)x);
  return x;
}

static ALWAYS_INLINE void
NAMED (add_products) (
    const Block *block, const size_t rows, VECTOR sum[ROWS][VECTORS])
{
  const MxMatmul *op = block->op;
  const ptrdiff_t a_row = op->a_row;

  for (size_t o = 0; o < op->depth_groups; o++) {
    const float *a = block->a + (ptrdiff_t)o * op->a_depth_group;
    const float *b = block->b + (ptrdiff_t)o * op->b_depth_group;

    for (size_t p = 0; p < op->depth; p++) {
      VECTOR weights[VECTORS];

      UNROLL for (size_t v = 0; v < VECTORS; v++) weights[v] =
          *(const PACKED *)(b + v * WIDTH);
      UNROLL for (size_t i = 0; i < rows; i++)
          UNROLL for (size_t v = 0; v < VECTORS; v++) sum[i][v] +=
          a[(ptrdiff_t)i * a_row] * weights[v];
      a += op->a_depth;
      b += op->b_depth;
    }
  }
}

static ALWAYS_INLINE void
NAMED (run_rows) (const Block *block, const size_t rows)
{
  const MxMatmul *op = block->op;
  const float *start = op->accumulate ? block->c : block->bias;
  const ptrdiff_t start_row = op->accumulate ? op->c_row : 0;
  VECTOR sum[ROWS][VECTORS];

  UNROLL for (size_t i = 0; i < rows; i++)
      UNROLL for (size_t v = 0; v < VECTORS; v++)
  {
    sum[i][v] = (VECTOR){0};
    if (start != NULL)
      sum[i][v] =
          *(const PACKED *)(start + (ptrdiff_t)i * start_row + v * WIDTH);
  }

  NAMED (add_products) (block, rows, sum);

  UNROLL for (size_t i = 0; i < rows; i++)
      UNROLL for (size_t v = 0; v < VECTORS; v++)
  {
    ptrdiff_t at = (ptrdiff_t)i * op->c_row + v * WIDTH;

    if (block->add != NULL)
      sum[i][v] += *(const PACKED *)(block->add + at);
    *(PACKED *)(block->c + at) = NAMED (activate) (op->activation, sum[i][v]);
  }
}

/* Compiled for each number of rows, so that every sum has its register. */
static void
NAMED (run) (const Block *block)
{
  switch (block->rows) {
#define CASE(n)                                                                \
  case n:                                                                      \
    NAMED (run_rows) (block, n);                                               \
    break;
    CASE (1)
    CASE (2)
    CASE (3)
    CASE (4)
#if ROWS > 4
    CASE (5)
    CASE (6)
#endif
#if ROWS > 6
    CASE (7)
    CASE (8)
    CASE (9)
    CASE (10)
    CASE (11)
    CASE (12)
    CASE (13)
    CASE (14)
#endif
#undef CASE
  }
}

#undef NAMED
#undef VECTOR
#undef PACKED
#undef BITS
#undef WIDTH
#undef VECTORS
#undef ROWS
