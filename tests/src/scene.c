/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-scene.h"

#include "check-main.h"

/* Passes exits with these answers; returns the exit the scene stops at, or 0.
 */
static unsigned
pass (MxScene *scene, const size_t *labels, unsigned exits)
{
  for (unsigned exit = 1; exit <= exits; exit++) {
    if (mx_scene_stops (scene, exit, labels[exit - 1]))
      return exit;
  }
  return 0;
}

static const size_t first[] = {7, 3, 5, 3};

START_TEST (the_shallowest_exit_that_gave_the_answer_suffices)
{
  MxScene scene = {0};

  ck_assert_uint_eq (pass (&scene, first, 4), 0);
  mx_scene_begin (&scene, 4, 1, 2);
  ck_assert_uint_eq (scene.exit, 2);
  ck_assert_uint_eq (pass (&scene, first, 4), 2);
  mx_scene_go_on (&scene);
  ck_assert_uint_eq (pass (&scene, first, 4), 2);
  mx_scene_go_on (&scene);
  /* The third is asked in full. */
  ck_assert_uint_eq (pass (&scene, first, 4), 0);
}
END_TEST

START_TEST (another_answer_goes_on)
{
  static const size_t other[] = {3, 4, 3, 3};
  MxScene scene = {0};

  pass (&scene, first, 4);
  mx_scene_begin (&scene, 4, 1, 2);
  ck_assert_uint_eq (pass (&scene, other, 4), 0);
}
END_TEST

START_TEST (no_exit_before_min_exit_suffices)
{
  MxScene scene = {0};

  pass (&scene, first, 4);
  mx_scene_begin (&scene, 4, 3, 2);
  ck_assert_uint_eq (scene.exit, 4);
  /* Where max-exit lies before min-exit, it is max-exit. */
  mx_scene_begin (&scene, 2, 3, 2);
  ck_assert_uint_eq (scene.exit, 2);
  mx_scene_begin (&scene, 4, 0, 2);
  ck_assert_uint_eq (scene.exit, 2);
}
END_TEST

START_TEST (a_scene_ends_and_patience_0_begins_none)
{
  MxScene scene = {0};

  pass (&scene, first, 4);
  mx_scene_begin (&scene, 4, 1, 0);
  ck_assert_uint_eq (pass (&scene, first, 4), 0);
  mx_scene_begin (&scene, 4, 1, 9);
  mx_scene_end (&scene);
  ck_assert_uint_eq (pass (&scene, first, 4), 0);
}
END_TEST

static void
add_tests (TCase *tcase)
{
  tcase_add_test (tcase, the_shallowest_exit_that_gave_the_answer_suffices);
  tcase_add_test (tcase, another_answer_goes_on);
  tcase_add_test (tcase, no_exit_before_min_exit_suffices);
  tcase_add_test (tcase, a_scene_ends_and_patience_0_begins_none);
}

CHECK_MAIN ("scene", add_tests)
