/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Whatever description is accepted reads the same when written, and, if it is
 * small, gives a network that answers. */
#include "fuzz.h"

#include "mx-session.h"

#define MAX_MACS 1000000
#define MAX_FLOATS 100000

static bool
is_small (const MxDescription *description)
{
  const MxProgram *program = description->program;
  size_t floats = description->window * description->channels;
  for (size_t i = 0; i < program->n_values && floats < MAX_FLOATS; i++) {
    const MxValue *value = &program->values[i];
    floats += (value->pad_left + value->shape.time + value->pad_right) *
              value->shape.channels;
  }
  return floats < MAX_FLOATS && program->n_weights < MAX_FLOATS &&
         program->macs < MAX_MACS;
}

static void
check_answer (MxDescription *description)
{
  const size_t size = description->window * description->channels;
  g_autofree float *samples = g_new (float, size);
  for (size_t i = 0; i < size; i++)
    samples[i] = (float)(i % 17) / 17;
  g_autofree float *weights =
      g_new (float, description->program->n_weights + 1);
  mx_program_init_weights (description->program, 1, weights);

  g_autoptr (MxNetwork) network = mx_network_new (description, weights);
  MxSession *session = mx_session_new (network);
  MxResult result;
  bool answered;
  const size_t taken = mx_session_push (
      session, samples, description->window, &result, &answered);
  g_assert_cmpuint (taken, ==, description->window);
  g_assert_true (answered);
  g_assert_cmpuint (result.label, <, description->n_labels);
  g_assert_cmpuint (result.exit, <=, description->program->n_stages);
  mx_session_free (session);
}

static void
check_same (const MxDescription *description)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *once = mx_description_to_json (description);
  g_autoptr (MxDescription) copy =
      mx_description_new (once, -1, "2", NULL, &error);
  g_assert_no_error (error); /* what was written must be read */
  g_autofree char *twice = mx_description_to_json (copy);
  g_assert_cmpstr (once, ==, twice);
  g_assert_cmpuint (
      copy->program->n_weights, ==, description->program->n_weights);
}

bool
fuzz_check (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MxDescription) description =
      mx_description_new ((const char *)data, size, "1", NULL, &error);
  g_assert_true ((description == NULL) == (error != NULL));
  if (!description) {
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return false;
  }
  check_same (description);
  g_autofree char *summary = mx_description_summary (description);
  g_assert_nonnull (summary);
  if (is_small (description))
    check_answer (description);
  return true;
}
