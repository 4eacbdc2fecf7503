/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* A training at rest: named arrays and the settings they belong to, in one
 * safetensors file that is replaced whole.
 *
 * Metadata: `multiexit.checkpoint` ("1"), `multiexit.checksum` (SHA-256 of the
 * arrays that are not empty, each its name, a 0 and its bytes) and the
 * settings, each under `setting.NAME`.  Floats are F32 [n]; numbers of 64 bits
 * are I32 [n][2], low half first.  Owned by one caller. */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

#define MX_CHECKPOINT_ERROR (mx_checkpoint_error_quark ())
GQuark mx_checkpoint_error_quark (void);

typedef enum {
  MX_CHECKPOINT_ERROR_FOREIGN,  /* safetensors, but none of ours */
  MX_CHECKPOINT_ERROR_SETTINGS, /* of a training with other settings */
  MX_CHECKPOINT_ERROR_TENSOR,   /* missing, of another size or type, or with
                                 * values that cannot be */
  MX_CHECKPOINT_ERROR_DAMAGED   /* other values than were written */
} MxCheckpointError;

typedef struct _MxCheckpoint MxCheckpoint;

MxCheckpoint *mx_checkpoint_new (void);
/* Errors also of the safetensors and file domains; all name the file. */
MxCheckpoint *mx_checkpoint_load (const char *filename, GError **error);
/* The same of bytes that have not been on a disk, so that no checksum is asked
 * for; @name: for messages. */
MxCheckpoint *mx_checkpoint_read (
    GBytes *bytes, const char *name, GError **error);
void mx_checkpoint_free (MxCheckpoint *self);

/* --- into a new one --- */

/* @values: borrowed until it was saved. */
void mx_checkpoint_put_floats (
    MxCheckpoint *self, const char *name, const float *values, gsize n);
/* Copied. */
void mx_checkpoint_put_numbers (
    MxCheckpoint *self, const char *name, const uint64_t *values, gsize n);
void mx_checkpoint_put_reals (
    MxCheckpoint *self, const char *name, const double *values, gsize n);
/* What a training that goes on from here must have in common with this one. */
void mx_checkpoint_put_setting (
    MxCheckpoint *self, const char *name, const char *value);

/* Of all settings: equal where they are (g_free). */
char *mx_checkpoint_dup_checksum (const MxCheckpoint *self);

GBytes *mx_checkpoint_write (const MxCheckpoint *self);
/* See mx_file_replace_locked(). */
gboolean mx_checkpoint_save (
    const MxCheckpoint *self, const char *filename, GError **error);

/* --- out of a loaded one --- */

/* Compares with one that has the present settings only; the message names all
 * that differ, and how. */
gboolean mx_checkpoint_check_settings (
    const MxCheckpoint *self, const MxCheckpoint *present, GError **error);

gboolean mx_checkpoint_has_setting (const MxCheckpoint *self, const char *name);
gboolean mx_checkpoint_has (const MxCheckpoint *self, const char *name);
/* 0: there is none. */
gsize mx_checkpoint_count_numbers (const MxCheckpoint *self, const char *name);

/* Exactly n of them, else an error.  NULL or FALSE: error, nothing was written.
 * @values: of floats borrowed from the checkpoint.  Floats are finite; reals
 * may be anything. */
const float *mx_checkpoint_get_floats (
    const MxCheckpoint *self, const char *name, gsize n, GError **error);
gboolean mx_checkpoint_get_numbers (const MxCheckpoint *self, const char *name,
    uint64_t *values, gsize n, GError **error);
gboolean mx_checkpoint_get_reals (const MxCheckpoint *self, const char *name,
    double *values, gsize n, GError **error);

/* Sets an error that names file and tensor. */
void mx_checkpoint_refuse (const MxCheckpoint *self, const char *name,
    gsize place, double found, const char *expected, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MxCheckpoint, mx_checkpoint_free)

G_END_DECLS
