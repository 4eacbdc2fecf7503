/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Products of numbers of 8 bits in vectors: one source, built once for each
 * instruction set of x86-64, without contraction of products and sums.
 *
 * A sum is 32 bits, and so is a step of the depth: TAPS numbers of `a`, the
 * same for a whole row, times as many of `b` in each column.  With four of 8
 * bits (VNNI) those of `a` are q as they are, and what `zero` is too much is in
 * the sum from the beginning; with two of 16 bits they are q - zero. */

#include "mx-kernels-i8.h"

#if defined(__aarch64__)
#  include <arm_neon.h>
#else
#  include <immintrin.h>
#endif

#if defined(__ARM_FEATURE_DOTPROD)
#  define NAME "neon-dotprod"
#  define LANES 4
#  define TAPS 4
#  define ORIGIN 128
#  define BLOCK_ROWS 12 /* 32 registers: 24 sums, 2 of b, 1 of a */
#  define multiply_add(sum, a, b)                                              \
    ((Words)vdotq_s32 ((int32x4_t)(sum), (int8x16_t)(a), (int8x16_t)(b)))
#elif defined(__aarch64__)
#  define NAME "neon"
#  define LANES 4
#  define TAPS 2
#  define BLOCK_ROWS 10 /* 20 sums, 2 of b, 1 of a, products */
#  define multiply_add(sum, a, b)                                              \
    ((sum) + (Words)multiply_pairs ((int16x8_t)(a), (int16x8_t)(b)))
#elif defined(__AVX512VNNI__)
#  define NAME "x86-64-v4-vnni"
#  define LANES 16
#  define TAPS 4
#  define ORIGIN 0
#  define BLOCK_ROWS 13 /* 32 registers: 26 sums, 2 of b, 1 of a */
#  define multiply_add(sum, a, b)                                              \
    ((Words)_mm512_dpbusd_epi32 ((__m512i)(sum), (__m512i)(a), (__m512i)(b)))
#elif defined(__AVX512BW__)
#  define NAME "x86-64-v4"
#  define LANES 16
#  define TAPS 2
#  define BLOCK_ROWS 12 /* 24 sums, 2 of b, 1 of a, products */
#  define multiply_add(sum, a, b)                                              \
    ((sum) + (Words)_mm512_madd_epi16 ((__m512i)(a), (__m512i)(b)))
#elif defined(__AVX2__)
#  define NAME "x86-64-v3"
#  define LANES 8
#  define TAPS 2
#  define BLOCK_ROWS 6 /* 16 registers: 12 sums, 2 of b, 1 of a, 1 product */
#  define multiply_add(sum, a, b)                                              \
    ((sum) + (Words)_mm256_madd_epi16 ((__m256i)(a), (__m256i)(b)))
#else
#  define NAME "x86-64-v2"
#  define LANES 4
#  define TAPS 2
#  define BLOCK_ROWS 5
#  define multiply_add(sum, a, b)                                              \
    ((sum) + (Words)_mm_madd_epi16 ((__m128i)(a), (__m128i)(b)))
#endif

#if TAPS == 4 && ORIGIN == 0
typedef uint8_t Number; /* of a */
typedef int8_t Weight;
#elif TAPS == 4
typedef int8_t Number;
typedef int8_t Weight;
#else
#  define ORIGIN 0 /* not used */
typedef int16_t Number;
typedef int16_t Weight;
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define TABLE JOIN (mx_kernels_i8_, MX_KERNELS_SUFFIX)

#define ALWAYS_INLINE inline __attribute__ ((always_inline))
#ifdef __clang__
#  define UNROLL _Pragma ("clang loop unroll(full)")
#else
#  define UNROLL _Pragma ("GCC unroll 32")
#endif

typedef float Floats __attribute__ ((vector_size (LANES * 4)));
typedef float PackedFloats
    __attribute__ ((vector_size (LANES * 4), aligned (4), may_alias));
typedef int32_t Words __attribute__ ((vector_size (LANES * 4)));
typedef int32_t PackedWords
    __attribute__ ((vector_size (LANES * 4), aligned (4), may_alias));
typedef Number PackedNumbers __attribute__ ((
    vector_size (LANES * sizeof (Number)), aligned (1), may_alias));

/* Columns that share a step: two vectors, the last ones of a product perhaps
 * one.  Packed, they are: the sums to begin with, scale and bias, each of all
 * columns, then the steps. */
#define VECTORS 2
#define STRIP (VECTORS * LANES)
#define HEAD 3 /* floats of a column */

static size_t
smaller (size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Vectors of the strip that begins at a column. */
static size_t
count_vectors (size_t cols, size_t col)
{
  return cols - col > LANES ? VECTORS : 1;
}

static size_t
count_steps (size_t depth)
{
  return (depth + TAPS - 1) / TAPS;
}

/* Floats of so many vectors, or words. */
static size_t
strip_size (size_t depth_groups, size_t depth, size_t vectors)
{
  return (HEAD + depth_groups * count_steps (depth) * TAPS * sizeof (Weight) /
                     sizeof (float)) *
         vectors * LANES;
}

/* --- activations --- */

/* Not a number becomes 0. */
static ALWAYS_INLINE Floats
clamp (Floats v)
{
  const Words most = (Words)((Floats){0} + 255.0f);
  Words inside;

  v = (Floats)((Words)v & (v > 0.0f));
  inside = v < 255.0f;
  return (Floats)((inside & (Words)v) | (~inside & most));
}

static void
quantise (size_t n, const float *x, float factor, int zero, void *q)
{
  const float half = (float)zero + 0.5f;
  const int less = TAPS == 2 ? zero : ORIGIN;
  Number *to = q;
  size_t i = 0;

  for (; i + LANES <= n; i += LANES) {
    Floats v = clamp (*(const PackedFloats *)(x + i) * factor + half);

    *(PackedNumbers *)(to + i) = __builtin_convertvector(
        __builtin_convertvector(v, Words) - less, PackedNumbers);
  }
  for (; i < n; i++) {
    float v = x[i] * factor + half;

    v = v > 0.0f ? v : 0.0f;
    to[i] = (Number)((int)(v < 255.0f ? v : 255.0f) - less);
  }
}

/* --- weights --- */

static size_t
packed_size (size_t depth_groups, size_t depth, size_t cols)
{
  size_t floats = 0;

  for (size_t col = 0; col < cols; col += STRIP)
    floats += strip_size (depth_groups, depth, count_vectors (cols, col));
  return floats * sizeof (float);
}

static int32_t
sum_column (const MxI8Weights *weights, size_t col)
{
  int32_t sum = 0;

  for (size_t p = 0; p < weights->depth_groups * weights->depth; p++)
    sum += weights->b[p * weights->cols + col];
  return sum;
}

static void
pack_head (const MxI8Weights *weights, size_t col, size_t room, float *head)
{
  const size_t cols = smaller (room, weights->cols - col);
  int32_t *start = (int32_t *)head;

  memset (head, 0, HEAD * room * sizeof *head);
  for (size_t j = 0; j < cols; j++) {
    if (TAPS == 4)
      start[j] = (ORIGIN - weights->zero) * sum_column (weights, col + j);
    head[room + j] = weights->scale[col + j];
    if (weights->bias != NULL)
      head[2 * room + j] = weights->bias[col + j];
  }
}

/* One step of a depth group: [column][tap], 0 where there is none. */
static void
pack_step (const MxI8Weights *weights, size_t o, size_t step, size_t col,
    size_t room, Weight *to)
{
  const size_t cols = smaller (room, weights->cols - col);

  memset (to, 0, room * TAPS * sizeof *to);
  for (size_t k = 0; k < TAPS && step * TAPS + k < weights->depth; k++) {
    const int8_t *from =
        weights->b + (o * weights->depth + step * TAPS + k) * weights->cols +
        col;

    for (size_t j = 0; j < cols; j++)
      to[j * TAPS + k] = from[j];
  }
}

static void
pack (const MxI8Weights *weights, void *packed)
{
  const size_t steps = count_steps (weights->depth);
  float *strip = packed;

  for (size_t col = 0; col < weights->cols; col += STRIP) {
    const size_t vectors = count_vectors (weights->cols, col);
    const size_t room = vectors * LANES;
    Weight *to = (Weight *)(strip + HEAD * room);

    pack_head (weights, col, room, strip);
    for (size_t s = 0; s < weights->depth_groups * steps; s++)
      pack_step (
          weights, s / steps, s % steps, col, room, to + s * room * TAPS);
    strip += strip_size (weights->depth_groups, weights->depth, vectors);
  }
}

/* --- products --- */

#if defined(__aarch64__) && TAPS == 2
/* The sum of the two products in each 32 bits. */
static ALWAYS_INLINE int32x4_t
multiply_pairs (int16x8_t a, int16x8_t b)
{
  return vpaddq_s32 (
      vmull_s16 (vget_low_s16 (a), vget_low_s16 (b)), vmull_high_s16 (a, b));
}
#endif

/* Some rows of c, and columns of one strip. */
typedef struct {
  const MxI8Matmul *op;
  size_t rows, cols;
  const Number *a;
  const float *b; /* its head */
  float *c;
  ptrdiff_t c_row;
  const float *add; /* or NULL */
} Block;

static ALWAYS_INLINE void
add_products (
    const Block *block, const size_t rows, const size_t vectors, Words *sum)
{
  const MxI8Matmul *op = block->op;
  const ptrdiff_t a_row = op->a_row;
  const size_t steps = count_steps (op->depth);
  const float *b = block->b + HEAD * vectors * LANES;

  for (size_t o = 0; o < op->depth_groups; o++) {
    const Number *a = block->a + (ptrdiff_t)o * op->a_depth_group;

    for (size_t s = 0; s < steps; s++) {
      Words columns[VECTORS];

      UNROLL
      for (size_t v = 0; v < vectors; v++)
        columns[v] = *(const PackedWords *)(b + v * LANES);
      UNROLL
      for (size_t i = 0; i < rows; i++) {
        int32_t taps;
        Words row;

        memcpy (&taps, a + (ptrdiff_t)i * a_row, sizeof taps);
        row = taps - (Words){0};
        UNROLL
        for (size_t v = 0; v < vectors; v++)
          sum[i * vectors + v] =
              multiply_add (sum[i * vectors + v], row, columns[v]);
      }
      a += TAPS;
      b += vectors * LANES;
    }
  }
}

/* @c, @add: all lanes are there. */
static ALWAYS_INLINE void
finish (const Block *block, const size_t rows, const size_t vectors,
    const Words *sum, float *c, ptrdiff_t c_row, const float *add)
{
  const float *scale = block->b + vectors * LANES;
  const float *bias = scale + vectors * LANES;

  UNROLL
  for (size_t n = 0; n < rows * vectors; n++) {
    const size_t lane = n % vectors * LANES;
    const ptrdiff_t at = (ptrdiff_t)(n / vectors) * c_row + (ptrdiff_t)lane;
    Floats value = __builtin_convertvector(sum[n], Floats);

    value = value * *(const PackedFloats *)(scale + lane);
    value = value + *(const PackedFloats *)(bias + lane);
    if (add != NULL)
      value = value + *(const PackedFloats *)(add + at);
    if (block->op->activation == MX_ACTIVATION_RELU)
      value = (Floats)(~(value < 0.0f) & (Words)value);
    *(PackedFloats *)(c + at) = value;
  }
}

static void
copy_rows (size_t rows, size_t cols, const float *from, ptrdiff_t from_row,
    float *to, ptrdiff_t to_row)
{
  for (size_t i = 0; i < rows; i++)
    memcpy (to + (ptrdiff_t)i * to_row, from + (ptrdiff_t)i * from_row,
        cols * sizeof *to);
}

static ALWAYS_INLINE void
multiply_rows (const Block *block, const size_t rows, const size_t vectors)
{
  Words sum[BLOCK_ROWS * VECTORS];

  UNROLL
  for (size_t n = 0; n < rows * vectors; n++)
    sum[n] = *(const PackedWords *)(block->b + n % vectors * LANES);
  add_products (block, rows, vectors, sum);
  finish (block, rows, vectors, sum, block->c, block->c_row, block->add);
}

/* Compiled for each number of rows. */
static ALWAYS_INLINE void
multiply (const Block *block, const size_t vectors)
{
#define CASE(n)                                                                \
  case n:                                                                      \
    if (n <= BLOCK_ROWS)                                                       \
      multiply_rows (block, n, vectors);                                       \
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
  }
#undef CASE
}

static void
multiply_one (const Block *block)
{
  multiply (block, 1);
}

static void
multiply_two (const Block *block)
{
  multiply (block, VECTORS);
}

static void
multiply_whole (const Block *block, size_t vectors)
{
  if (vectors == 1)
    multiply_one (block);
  else
    multiply_two (block);
}

/* Some columns are not there: copies have all. */
static void
multiply_part (const Block *block, size_t vectors)
{
  float c[BLOCK_ROWS * STRIP], add[BLOCK_ROWS * STRIP] = {0};
  Block copy = *block;

  copy.c = c;
  copy.c_row = STRIP;
  if (block->add != NULL) {
    copy_rows (block->rows, block->cols, block->add, block->c_row, add, STRIP);
    copy.add = add;
  }
  multiply_whole (&copy, vectors);
  copy_rows (block->rows, block->cols, c, STRIP, block->c, block->c_row);
}

/* All rows of a strip: its weights serve all of them while they are near. */
static void
multiply_strip (
    const MxI8Matmul *op, size_t col, size_t vectors, const float *b)
{
  const size_t parts = (op->rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
  Block block = {.op = op,
      .cols = smaller (vectors * LANES, op->cols - col),
      .b = b,
      .c_row = op->c_row};

  for (size_t k = 0; k < parts; k++) {
    size_t row = op->rows * k / parts;
    ptrdiff_t at = (ptrdiff_t)row * op->c_row + (ptrdiff_t)col;

    block.rows = op->rows * (k + 1) / parts - row;
    block.a = (const Number *)op->a + (ptrdiff_t)row * op->a_row;
    block.c = op->c + at;
    block.add = op->add != NULL ? op->add + at : NULL;
    if (block.cols == vectors * LANES)
      multiply_whole (&block, vectors);
    else
      multiply_part (&block, vectors);
  }
}

static void
matmul (const MxI8Matmul *op)
{
  const float *b = op->b;

  for (size_t col = 0; col < op->cols; col += STRIP) {
    const size_t vectors = count_vectors (op->cols, col);

    multiply_strip (op, col, vectors, b);
    b += strip_size (op->depth_groups, op->depth, vectors);
  }
}

extern const MxKernelsI8 TABLE;

const MxKernelsI8 TABLE = {
    .name = NAME,
    .number = sizeof (Number),
    .behind = (TAPS - 1) * sizeof (Number),
    .quantise = quantise,
    .packed_size = packed_size,
    .pack = pack,
    .matmul = matmul,
};
