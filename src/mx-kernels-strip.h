/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What is done to a strip of columns, a template: mx-kernels-simd.c includes it
 * once for each width, given as WIDTH, the floats of a vector, VECTORS, the
 * vectors side by side, and ROWS, the most rows of a block; with PART, of the
 * one vector only the first lanes are there; with HALVES_ONLY, b never is of
 * floats.
 *
 * A block of some rows stays in registers while the whole depth passes by.
 * Every element is one chain of multiplications and additions in the order of
 * the depth, all fused or none, whatever block it falls into: a row gives the
 * same result alone and among others. */

#ifdef PART
#  define NAMED(name) JOIN (name, _part)
#  define LANES_OF(n) const Mask mask = first_lanes (n)
#  define LOAD(from) load_lanes (mask, from)
#  define WIDEN(from) widen_lanes (mask, from)
#  define STORE(to, vector) store_lanes (mask, to, vector)
#else
#  define NAMED(name) JOIN (JOIN (name, VECTORS), JOIN (x, WIDTH))
#  define LANES_OF(n)
#  define LOAD(from) (*(const PACKED *)(from))
#  define WIDEN JOIN (widen, WIDTH)
#  define STORE(to, vector) (*(PACKED *)(to) = (vector))
#endif
#define VECTOR NAMED (Vector)
#define PACKED NAMED (Packed)
#define BITS NAMED (Bits)

/* PACKED is a vector in memory, wherever floats may lie.  Of vectors of one
 * float compilers make poor code. */
#if WIDTH == 1
typedef float VECTOR;
typedef float PACKED __attribute__ ((may_alias));
#else
typedef float VECTOR __attribute__ ((vector_size (WIDTH * sizeof (float))));
typedef int BITS __attribute__ ((vector_size (WIDTH * sizeof (int))));
typedef float PACKED __attribute__ ((
    vector_size (WIDTH * sizeof (float)), aligned (sizeof (float)), may_alias));
#endif

/* Not a number stays not a number. */
static ALWAYS_INLINE VECTOR
NAMED (activate) (MxActivation activation, VECTOR x)
{
  if (activation == MX_ACTIVATION_RELU)
#if WIDTH == 1
    x = x < 0.0f ? 0.0f : x;
#else
    x = (VECTOR)(~(x < 0.0f) & (BITS)x);
#endif
  return x;
}

/* x y + z.  Where one instruction does it, it is asked for by name: a compiler
 * that may choose fuses in some blocks and not in others (GCC 14 does not where
 * a single sum runs through the depth), and their last bits differ. */
static ALWAYS_INLINE VECTOR
NAMED (multiply_add) (VECTOR x, VECTOR y, VECTOR z)
{
#ifdef FUSED
  return JOIN (fused, WIDTH) (x, y, z);
#else
  return x * y + z;
#endif
}

/* Minus zero stays minus zero, and what is two numbers what it is. */
static ALWAYS_INLINE VECTOR
NAMED (repeat) (float x)
{
#ifdef MX_PAIRS
  return _mm512_set1_ps (x);
#else
  return x - (VECTOR){0};
#endif
}

/* Vector v of row i is sum[i * VECTORS + v]; as `rows` is a constant and all
 * loops over the sums are unrolled, each sum is a register. */
static ALWAYS_INLINE void
NAMED (start) (const Block *block, const size_t rows, VECTOR *sum)
{
  const float *from = block->op->accumulate ? block->c : block->bias;
  const ptrdiff_t from_row = block->op->accumulate ? block->op->c_row : 0;
  LANES_OF (block->cols);

  UNROLL
  for (size_t n = 0; n < rows * VECTORS; n++) {
    sum[n] = (VECTOR){0};
    if (from != NULL)
      sum[n] = LOAD (
          from + (ptrdiff_t)(n / VECTORS) * from_row + n % VECTORS * WIDTH);
  }
}

/* Where vector v of a row of b is: a strip may be several panels wide. */
static ALWAYS_INLINE ptrdiff_t
NAMED (place) (const MxMatmul *op, size_t v)
{
  const size_t per_panel = MX_PANEL / WIDTH;

  return (ptrdiff_t)(v / per_panel) * op->b_panel +
         (ptrdiff_t)(v % per_panel * WIDTH);
}

/* A vector of b: floats, or halves, of which MX_HALF_BEHIND too many may be
 * read. */
static ALWAYS_INLINE VECTOR
NAMED (load_columns) (const Block *block, const char *b, const bool half)
{
  LANES_OF (block->cols);

  if (half)
    return WIDEN (b);
  return LOAD ((const float *)b);
}

/* @half: how b is stored, a constant. */
static ALWAYS_INLINE void
NAMED (add_products) (
    const Block *block, const size_t rows, const bool half, VECTOR *sum)
{
  const MxMatmul *op = block->op;
  const ptrdiff_t a_row = op->a_row;
  const ptrdiff_t size = half ? sizeof (MxHalf) : sizeof (float);

  for (size_t o = 0; o < op->depth_groups; o++) {
    const float *a = block->a + (ptrdiff_t)o * op->a_depth_group;
    const char *b = block->b + (ptrdiff_t)o * op->b_depth_group * size;

    for (size_t p = 0; p < op->depth; p++) {
      VECTOR columns[VECTORS];

      UNROLL
      for (size_t v = 0; v < VECTORS; v++)
        columns[v] = NAMED (load_columns) (
            block, b + NAMED (place) (op, v) * size, half);
      UNROLL
      for (size_t v = 0; v < VECTORS && ROWS > FEW_ROWS;
           v += CACHE_LINE / (size_t)size / WIDTH)
        __builtin_prefetch (
            b + (PREFETCH_STEPS * op->b_depth + NAMED (place) (op, v)) * size);
      UNROLL
      for (size_t n = 0; n < rows * VECTORS; n++)
        sum[n] = NAMED (multiply_add) (
            NAMED (repeat) (a[(ptrdiff_t)(n / VECTORS) * a_row]),
            columns[n % VECTORS], sum[n]);
      a += op->a_depth;
      b += op->b_depth * size;
    }
  }
}

static ALWAYS_INLINE void
NAMED (finish) (const Block *block, const size_t rows, const VECTOR *sum)
{
  /* Once: what is stored might be any of these. */
  const ptrdiff_t c_row = block->op->c_row;
  const MxActivation activation = block->op->activation;
  const float *const add = block->add;
  float *const c = block->c;
  LANES_OF (block->cols);

  UNROLL
  for (size_t n = 0; n < rows * VECTORS; n++) {
    ptrdiff_t at =
        (ptrdiff_t)(n / VECTORS) * c_row + (ptrdiff_t)(n % VECTORS * WIDTH);
    VECTOR result = sum[n];

    if (add != NULL)
      result += LOAD (add + at);
    STORE (c + at, NAMED (activate) (activation, result));
  }
}

static ALWAYS_INLINE void
NAMED (multiply_rows) (const Block *block, const size_t rows, const bool half)
{
  VECTOR sum[ROWS * VECTORS];

  NAMED (start) (block, rows, sum);
  NAMED (add_products) (block, rows, half, sum);
  NAMED (finish) (block, rows, sum);
}

/* Compiled for each number of rows. */
static ALWAYS_INLINE void
NAMED (multiply_stored) (const Block *block, const bool half)
{
#define CASE(n)                                                                \
  case n:                                                                      \
    if (n <= ROWS)                                                             \
      NAMED (multiply_rows) (block, n, half);                                  \
    break

  switch (block->rows) {
    CASE (1);
    CASE (2);
    CASE (3);
    CASE (4);
    CASE (5);
    CASE (6);
    CASE (7);
    CASE (8);
    CASE (9);
    CASE (10);
    CASE (11);
    CASE (12);
    CASE (13);
    CASE (14);
  }
#undef CASE
}

#ifndef HALVES_ONLY
static void
NAMED (multiply) (const Block *block)
{
  NAMED (multiply_stored) (block, false);
}
#endif

#ifndef MX_PAIRS
static void
NAMED (multiply_half) (const Block *block)
{
  NAMED (multiply_stored) (block, true);
}
#endif

#if !defined(HALVES_ONLY) && !defined(MX_PAIRS)
/* Of each column, in the order of the frames. */
static void
NAMED (add_frames) (
    size_t n, size_t channels, const float *x, size_t cols, float *sum)
{
  VECTOR total[VECTORS];
  LANES_OF (cols);

  UNROLL
  for (size_t v = 0; v < VECTORS; v++)
    total[v] = (VECTOR){0};
  for (size_t i = 0; i < n; i++, x += channels) {
    UNROLL
    for (size_t v = 0; v < VECTORS; v++)
      total[v] += LOAD (x + v * WIDTH);
  }
  UNROLL
  for (size_t v = 0; v < VECTORS; v++)
    STORE (sum + v * WIDTH, total[v]);
}
#endif

#if VECTORS <= 2 && !defined(MX_PAIRS)
static ALWAYS_INLINE void
NAMED (filter_rows) (
    const MxDepthwise *op, size_t channel, size_t row, const size_t rows)
{
  const float *x = op->x + (ptrdiff_t)row * op->x_row + (ptrdiff_t)channel;
  float *y = op->y + (ptrdiff_t)row * op->y_row + (ptrdiff_t)channel;
  const float *w = op->w + channel;
  VECTOR sum[FILTER_ROWS * VECTORS];
  LANES_OF (op->channels - channel);

  UNROLL
  for (size_t n = 0; n < rows * VECTORS; n++) {
    sum[n] = (VECTOR){0};
    if (op->bias != NULL)
      sum[n] = LOAD (op->bias + channel + n % VECTORS * WIDTH);
  }
  for (size_t j = 0; j < op->taps; j++) {
    UNROLL
    for (size_t n = 0; n < rows * VECTORS; n++)
      sum[n] = NAMED (multiply_add) (LOAD (w + n % VECTORS * WIDTH),
          LOAD (x + (ptrdiff_t)(n / VECTORS) * op->x_row + n % VECTORS * WIDTH),
          sum[n]);
    w += op->channels;
    x += op->x_tap;
  }
  UNROLL
  for (size_t n = 0; n < rows * VECTORS; n++)
    STORE (y + (ptrdiff_t)(n / VECTORS) * op->y_row + n % VECTORS * WIDTH,
        NAMED (activate) (op->activation, sum[n]));
}

static void
NAMED (filter) (const MxDepthwise *op, size_t channel)
{
  size_t row = 0;

  for (; op->rows - row >= FILTER_ROWS; row += FILTER_ROWS)
    NAMED (filter_rows) (op, channel, row, FILTER_ROWS);
  for (; row < op->rows; row++)
    NAMED (filter_rows) (op, channel, row, 1);
}
#endif

#undef NAMED
#undef LANES_OF
#undef LOAD
#undef WIDEN
#undef STORE
#undef VECTOR
#undef PACKED
#undef BITS
#undef WIDTH
#undef VECTORS
#undef ROWS
#undef PART
#undef HALVES_ONLY
