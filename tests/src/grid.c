/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-grid.h"

#include "mx-description.h"
#include "stream-nets.h"

#include "check-main.h"

#include <string.h>

static MxDescription *
describe (const char *json)
{
  g_autoptr (GError) error = NULL;
  const char *const labels[] = {
      "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL};
  MxDescription *description = mx_description_new (
      json, -1, "grid", strstr (json, "\"labels\"") ? NULL : labels, &error);

  ck_assert_msg (description != NULL, "%s", error ? error->message : "");
  return description;
}

/* models/words-stream.json; half: at half its width. */
static MxDescription *
words (bool half)
{
  static const char *const widths[][2] = {
      {"\"filters\": 64", "\"filters\": 32"},
      {"\"filters\": 96", "\"filters\": 48"},
      {"\"filters\": 128", "\"filters\": 64"},
      {"\"filters\": 160", "\"filters\": 80"},
  };
  g_autofree char *path =
      g_build_filename (g_getenv ("MX_MODELS"), "words-stream.json", NULL);
  g_autofree char *text = NULL;

  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  for (size_t i = 0; half && i < G_N_ELEMENTS (widths); i++) {
    g_auto (GStrv) parts = g_strsplit (text, widths[i][0], -1);

    g_free (text);
    text = g_strjoinv (widths[i][1], parts);
  }
  return describe (text);
}

START_TEST (look_ahead_context_and_cost_of_the_words_are_the_known_ones)
{
  static const size_t look_ahead[] = {13, 37, 37, 37};
  static const unsigned costs[][4] = {
      {467, 830, 1171, 1446}, {136, 228, 313, 383}};
  g_autoptr (MxDescription) d = words (_i);
  const MxProgram *program = d->program;

  ck_assert_uint_eq (d->frames, 98);
  ck_assert_uint_eq (program->n_streamed, 4);
  ck_assert_uint_eq (program->look_ahead, 37);
  ck_assert_uint_eq (mx_description_get_latency (d), 37 * 80);
  ck_assert_int_eq (program->values[program->stages[3].output].back, 325);
  for (size_t s = 0; s < 4; s++) {
    uint64_t macs = mx_grid_macs_per_hop (program, s + 1, 10);

    ck_assert_uint_eq (program->stages[s].look_ahead, look_ahead[s]);
    ck_assert_uint_eq (
        mx_description_get_look_ahead (d, s + 1), look_ahead[s] * 80);
    ck_assert_uint_eq ((macs + 500) / 1000, costs[_i][s]);
    ck_assert_uint_eq (
        program->values[program->stages[s].output].step, (size_t)2 << s);
  }
  if (!_i) {
    g_autofree char *summary = mx_description_summary (d);

    ck_assert_msg (strstr (summary, "4 of 4 stages streamed") &&
                       strstr (summary, "per hop of 800 samples: 0.467 0.830 "
                                        "1.171 1.446") &&
                       strstr (summary, "in frames: 13 37 37 37, in samples: "
                                        "1040 2960 2960 2960"),
        "%s", summary);
  }
}
END_TEST

/* The windows of a hop of .25 s, of which every second begins off the grid of
 * stage 4, and what their exits see: 49, 24, 12 and 6 frames. */
START_TEST (a_window_takes_the_last_frames_up_to_its_end)
{
  g_autoptr (MxDescription) d = words (false);
  const MxProgram *program = d->program;
  g_autofree MxSpan *spans = g_new0 (MxSpan, program->n_values);

  for (int64_t w = 0; w < 1000; w += 25) {
    mx_grid_spans (program, w + 97, spans);
    for (size_t s = 0; s < 4; s++) {
      const MxSpan *span = &spans[program->stages[s].exit_first + 1];

      ck_assert_int_eq (span->end - 1, (w + 97) >> (s + 1));
      ck_assert_int_eq (span->end - span->first, 98 >> (s + 1));
    }
    ck_assert_int_le (spans[0].end, w + 98 + 37);
  }
}
END_TEST

START_TEST (what_windows_need_never_goes_back)
{
  g_autofree char *json = random_net (_i);
  g_autoptr (MxDescription) d = describe (json);
  const MxProgram *program = d->program;
  g_autofree MxSpan *spans = g_new0 (MxSpan, program->n_values);
  g_autofree MxSpan *before = g_new0 (MxSpan, program->n_values);
  int64_t look_ahead = program->look_ahead;

  mx_grid_spans (program, -500, before);
  for (int64_t last = -499; last < 500; last++) {
    mx_grid_spans (program, last, spans);
    for (size_t v = 0; v < program->n_values; v++) {
      const MxValue *value = &program->values[v];

      if (value->step == 0)
        continue;
      ck_assert_int_ge (spans[v].first, before[v].first);
      ck_assert_int_ge (spans[v].end, before[v].end);
      /* Nothing that comes from behind the look-ahead. */
      ck_assert_int_le (
          (spans[v].end - 1) * (int64_t)value->step + value->ahead,
          last + look_ahead);
      ck_assert_int_le (
          last + look_ahead - spans[v].first * (int64_t)value->step,
          program->span + look_ahead);
    }
    memcpy (before, spans, program->n_values * sizeof *spans);
  }
}
END_TEST

START_TEST (folding_keeps_the_grid)
{
  g_autofree char *json = random_net (_i);
  g_autoptr (MxNetwork) network = network_of (json, _i);
  const MxProgram *a = network->description->program, *b = network->program;

  ck_assert_uint_eq (a->n_streamed, b->n_streamed);
  ck_assert_uint_eq (a->look_ahead, b->look_ahead);
  for (size_t s = 0; s < a->n_stages; s++) {
    const MxValue *x = &a->values[a->stages[s].output];
    const MxValue *y = &b->values[b->stages[s].output];

    ck_assert_uint_eq (a->stages[s].look_ahead, b->stages[s].look_ahead);
    ck_assert_uint_eq (x->step, y->step);
    ck_assert_int_eq (x->back, y->back);
    ck_assert_int_eq (x->ahead, y->ahead);
    ck_assert_uint_eq (
        mx_grid_macs_per_hop (a, s + 1, 7), mx_grid_macs_per_hop (b, s + 1, 7));
  }
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, look_ahead_context_and_cost_of_the_words_are_the_known_ones, 0, 2);
  tcase_add_test (tcase, a_window_takes_the_last_frames_up_to_its_end);
  tcase_add_loop_test (tcase, what_windows_need_never_goes_back, 0, 40);
  tcase_add_loop_test (tcase, folding_keeps_the_grid, 0, 40);
}

CHECK_MAIN ("grid", add_tests)
