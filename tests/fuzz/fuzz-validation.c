/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whatever a checkpoint says was measured, the epoch can end on it, and the
 * best model is one that is there. */
#include "fuzz.h"

#include "gstmxvalidation.h"

/* The network of corpus/validation/. */
static const char small_text[] =
    "{\"labels\": [\"no\", \"yes\"],"
    " \"input\": {\"rate\": 50, \"channels\": 2, \"window\": 4},"
    " \"stages\": [{\"layers\": [{\"kind\": \"conv1d\", \"filters\": 2,"
    " \"kernel\": 3}, {\"kind\": \"batch-norm\"}],"
    " \"exit\": [{\"kind\": \"pool\"}, {\"kind\": \"dense\"}]}]}";

static MxDescription *
get_description (void)
{
  static MxDescription *description = NULL;
  g_autoptr (GError) error = NULL;
  if (description == NULL)
    description = mx_description_new (small_text, -1, "small", NULL, &error);
  g_assert_no_error (error);
  return description;
}

static bool
check (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxCheckpoint) checkpoint = mx_checkpoint_read (bytes, "1", &error);
  if (checkpoint == NULL)
    return false;

  GstMxValidation validation = {.patience = 2};
  MxTrainerConfig config;
  mx_trainer_config_init (&config);
  config.threads = 1;
  gst_mx_validation_begin (&validation, get_description (), NULL, &config);
  bool restored = gst_mx_validation_restore (
      &validation, NULL, get_description (), checkpoint, &error);
  g_assert_true (restored == (error == NULL));
  if (restored) {
    g_assert_true (validation.best != NULL || validation.best_epoch == 0);
    gst_mx_validation_is_over (&validation);
    gst_mx_validation_end_epoch (&validation, NULL, NULL, 3);
  } else {
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  }
  gst_mx_validation_clear (&validation);
  return restored;
}

bool
fuzz_check (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GBytes) repaired = fuzz_repair_length (data, size);
  check (repaired);
  return check (bytes);
}
