/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The names of all members of a JSON text, compared before a tree is made.
 *
 * json-glib looks through a whole object for each name that comes again, and
 * its table takes names of one hash for neighbours: a file of a megabyte, made
 * for that, would keep it busy for minutes.  Here names are sorted, which takes
 * as long whatever they are. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Names of one hash in one object; of names that nobody chose for it, two are
 * rare. */
#define MX_JSON_MAX_ALIKE 8

typedef struct {
  GArray *all;
  GStringChunk *strings;
  GString *text; /* the one being read */
} MxJsonNames;

void mx_json_names_init (MxJsonNames *self);
void mx_json_names_clear (MxJsonNames *self);

/* @name: as it stands between its quotes, without faults; @at: its place in the
 * text; @object: what tells its object from the others. */
void mx_json_names_add (
    MxJsonNames *self, gsize object, gsize at, const char *name, gsize length);

typedef enum {
  MX_JSON_NAMES_GOOD,
  MX_JSON_NAMES_TWICE, /* one stands in its object before */
  MX_JSON_NAMES_ALIKE  /* more of one hash than MX_JSON_MAX_ALIKE */
} MxJsonVerdict;

/* To be asked once, at the end.  @at: where the fault is, if there is one. */
MxJsonVerdict mx_json_names_check (MxJsonNames *self, gsize *at);
