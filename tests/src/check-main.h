/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The main() of a unit test: one suite of one case.
 *
 *   static void add_tests (TCase *tcase) { tcase_add_test (...); }
 *   CHECK_MAIN ("mel", add_tests)
 */
#pragma once

#include <check.h>
#include <stdlib.h>

#define CHECK_MAIN(name, add_tests)                                            \
  int main (void)                                                              \
  {                                                                            \
    Suite *suite = suite_create (name);                                        \
    TCase *tcase = tcase_create (name);                                        \
    tcase_set_timeout (tcase, 240);                                            \
    add_tests (tcase);                                                         \
    suite_add_tcase (suite, tcase);                                            \
    SRunner *runner = srunner_create (suite);                                  \
    srunner_run_all (runner, CK_NORMAL);                                       \
    int failed = srunner_ntests_failed (runner);                               \
    srunner_free (runner);                                                     \
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;                          \
  }
