/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The instructions of Intel's AMX that mx-kernels-bf16-amx.c is made of, in
 * plain C: so its tests run on any processor with AVX512-BF16.  As Intel's
 * manual (Software Developer's Manual, volume 2, TDPBF16PS) says them, but that
 * small numbers are not taken as zeros.  What a processor refuses ends the
 * test. */
#pragma once

#include <math.h>
#include <stdlib.h>

/* What a processor is told: 64 bytes. */
typedef struct {
  uint8_t palette, others[15];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} EmulatedShapes;

typedef struct {
  EmulatedShapes shapes; /* palette 0: tiles cannot be used */
  uint8_t data[8][16][64];
} EmulatedTiles;

static _Thread_local EmulatedTiles tiles;

static inline void
refuse_unless (bool allowed)
{
  if (!allowed)
    abort ();
}

static inline void
emulate_load_config (const void *from)
{
  memset (&tiles, 0, sizeof tiles);
  memcpy (&tiles.shapes, from, sizeof tiles.shapes);
  refuse_unless (tiles.shapes.palette == 1);
  for (size_t tile = 0; tile < 8; tile++)
    refuse_unless (tiles.shapes.rows[tile] >= 1 &&
                   tiles.shapes.rows[tile] <= 16 &&
                   tiles.shapes.row_bytes[tile] <= 64);
}

static inline void
emulate_release (void)
{
  memset (&tiles, 0, sizeof tiles);
}

static inline void
emulate_zero (size_t tile)
{
  refuse_unless (tiles.shapes.palette == 1);
  memset (tiles.data[tile], 0, sizeof tiles.data[tile]);
}

static inline void
emulate_load (size_t tile, const void *from, ptrdiff_t step)
{
  emulate_zero (tile);
  for (size_t row = 0; row < tiles.shapes.rows[tile]; row++)
    memcpy (tiles.data[tile][row], (const char *)from + (ptrdiff_t)row * step,
        tiles.shapes.row_bytes[tile]);
}

static inline void
emulate_store (size_t tile, void *to, ptrdiff_t step)
{
  refuse_unless (tiles.shapes.palette == 1);
  for (size_t row = 0; row < tiles.shapes.rows[tile]; row++)
    memcpy ((char *)to + (ptrdiff_t)row * step, tiles.data[tile][row],
        tiles.shapes.row_bytes[tile]);
}

/* Number k of a row of bfloat16. */
static inline float
emulated_number (size_t tile, size_t row, size_t k)
{
  uint32_t bits;
  uint16_t half;
  float number;

  memcpy (&half, tiles.data[tile][row] + k * sizeof half, sizeof half);
  bits = (uint32_t)half << 16;
  memcpy (&number, &bits, sizeof number);
  return number;
}

/* sums += a b: the first numbers of all pairs are summed, and the second. */
static inline void
emulate_products (size_t sums, size_t a, size_t b)
{
  const EmulatedShapes *shapes = &tiles.shapes;

  refuse_unless (shapes->palette == 1 && shapes->rows[sums] == shapes->rows[a]);
  refuse_unless (shapes->row_bytes[sums] == shapes->row_bytes[b] &&
                 shapes->row_bytes[a] == 4 * shapes->rows[b]);
  for (size_t row = 0; row < shapes->rows[sums]; row++)
    for (size_t col = 0; col < shapes->row_bytes[sums] / 4u; col++) {
      float of[2] = {0, 0}, sum;

      for (size_t k = 0; k < 2u * shapes->rows[b]; k++)
        of[k % 2] = fmaf (emulated_number (a, row, k),
            emulated_number (b, k / 2, 2 * col + k % 2), of[k % 2]);
      memcpy (&sum, tiles.data[sums][row] + 4 * col, sizeof sum);
      sum += of[0] + of[1];
      memcpy (tiles.data[sums][row] + 4 * col, &sum, sizeof sum);
    }
}

#undef _tile_loadconfig
#undef _tile_release
#undef _tile_zero
#undef _tile_loadd
#undef _tile_stored
#undef _tile_dpbf16ps
#define _tile_loadconfig emulate_load_config
#define _tile_release emulate_release
#define _tile_zero emulate_zero
#define _tile_loadd emulate_load
#define _tile_stored emulate_store
#define _tile_dpbf16ps emulate_products
