/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A network as data: what its input is, how it is prepared, its stages, exits
 * and labels.  Read from JSON (docs/model-file.md), validated, every shape and
 * cost inferred.  Immutable, reference-counted, any thread. */
#pragma once

#include "mx-frontend.h"
#include "mx-program.h"

typedef struct {
  char *name;
  size_t rate;     /* Hz */
  size_t channels; /* of the samples */
  size_t window;   /* samples */
  size_t hop;      /* samples; a multiple of the front end's hop */
  size_t frames;   /* of the front end in a window */
  MxFrontendConfig frontend;
  size_t n_labels;
  char **labels; /* NULL-terminated, in class order */
  MxProgram *program;
  JsonNode *json; /* what it was read from, labels included */
} MxDescription;

#define MX_MAX_LABELS 65536
#define MX_MAX_RATE 768000
#define MX_MAX_CHANNELS 1024

/* @json: the text; @name: of the file, for messages; @labels: NULL, or the
 * labels to use where the text has none (if it has some, they must be the same
 * set: the text's order stays). */
MxDescription *mx_description_new (const char *json, gssize length,
    const char *name, const char *const *labels, GError **error);
MxDescription *mx_description_ref (MxDescription *self);
void mx_description_unref (MxDescription *self);

/* The JSON text, labels included (g_free). */
char *mx_description_to_json (const MxDescription *self);

/* Class of a label, or -1. */
int mx_description_find_label (const MxDescription *self, const char *label);

/* How far the answer of an exit (from 1) looks behind its window, in samples;
 * 0 unless stages are streamed. */
size_t mx_description_get_look_ahead (const MxDescription *self, size_t exit);

/* The longest of them: so many samples behind its end a window is answered. */
size_t mx_description_get_latency (const MxDescription *self);

/* A sentence for logs and dialogs: name, input, window, parameters, MACs to
 * each exit (with streamed stages per hop, and the look-ahead) (g_free). */
char *mx_description_summary (const MxDescription *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MxDescription, mx_description_unref)
