/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What a fuzz target offers, and what targets share.
 *
 * Each fuzz-TARGET.c is linked twice: with mutate.c as an ordinary test, and,
 * where asked for, with libfuzzer.c for long runs. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The target: takes any bytes at all and asserts what must hold.  Returns
 * whether they were accepted. */
bool fuzz_check (const uint8_t *data, size_t size);

/* The same bytes with a header length that fits the JSON object behind it:
 * most mutations would otherwise end at the length. */
GBytes *fuzz_repair_length (const uint8_t *data, size_t size);

/* The name of a file that holds these bytes, for what reads files alone. */
const char *fuzz_write (const uint8_t *data, size_t size);
