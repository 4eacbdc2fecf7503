/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* The level is read once per process: each case is this program started again
 * with another MX_CPU, to print the level and the kernels it then has. */

#include "mx-cpu.h"
#include "mx-kernels.h"

#include <check.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

static const char *program;

/* This program as a command; in a cross build meson says what runs it. */
static char **
command (void)
{
  const char *wrapper = g_getenv ("MESON_EXE_WRAPPER");
  g_autofree char *quoted = g_shell_quote (program);
  g_autofree char *line =
      g_strdup_printf ("%s %s tell", wrapper ? wrapper : "", quoted);
  char **argv = NULL;

  ck_assert (g_shell_parse_argv (line, NULL, &argv, NULL));
  return argv;
}

/* What a process says whose MX_CPU is @wanted (NULL: not set); g_free. */
static char *
ask (const char *wanted)
{
  g_auto (GStrv) argv = command ();
  g_auto (GStrv) env = g_environ_unsetenv (g_get_environ (), "MX_CPU");
  char *answer = NULL;
  int status;

  if (wanted != NULL)
    env = g_environ_setenv (env, "MX_CPU", wanted, TRUE);
  ck_assert (g_spawn_sync (NULL, argv, env,
      G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &answer,
      NULL, &status, NULL));
  ck_assert (g_spawn_check_wait_status (status, NULL));
  return answer;
}

static void
tell (void)
{
  g_print (
      "%s %s", mx_cpu_level_name (mx_cpu_level ()), mx_kernels_get ()->name);
}

START_TEST (a_level_this_processor_has_can_be_asked_for)
{
  for (int level = 0; level <= (int)mx_cpu_level (); level++) {
    const char *name = mx_cpu_level_name ((MxCpuLevel)level);
    const MxKernels *kernels = mx_kernels_get_for_level (level);
    g_autofree char *answer = ask (name), *expected = NULL;

    if (kernels == NULL)
      continue;
    expected = g_strdup_printf ("%s %s", name, kernels->name);
    ck_assert_str_eq (answer, expected);
  }
}
END_TEST

/* But for one, which is taken unasked only where it is known to be fast. */
START_TEST (a_level_can_not_be_raised)
{
  g_autofree char *best = ask (NULL), *highest = ask ("x86-64-v4-amx");
  g_autofree char *below = ask ("x86-64-v4-vnni");

  ck_assert (!strcmp (best, highest) || !strcmp (best, below));
}
END_TEST

START_TEST (a_level_of_another_family_gives_the_next_lower_one)
{
  bool arm =
      mx_cpu_level () == MX_CPU_NEON || mx_cpu_level () == MX_CPU_NEON_DOTPROD;
  g_autofree char *answer = ask (arm ? "x86-64-v2" : "neon-dotprod");
  g_autofree char *expected =
      arm ? g_strdup_printf ("%s neon", mx_cpu_level_name (mx_cpu_level ()))
          : g_strdup ("baseline baseline");

  ck_assert_str_eq (answer, expected);
}
END_TEST

START_TEST (an_unknown_level_is_ignored)
{
  g_autofree char *best = ask (NULL);
  static const char *const names[] = {"", "avx9", "X86-64-V3", "baseline "};

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *answer = ask (names[i]);

    ck_assert_str_eq (answer, best);
  }
}
END_TEST

START_TEST (every_level_has_a_name_of_its_own)
{
  for (int i = MX_CPU_BASELINE; i <= MX_CPU_X86_64_V4_AMX; i++) {
    for (int k = MX_CPU_BASELINE; k < i; k++)
      ck_assert_str_ne (
          mx_cpu_level_name ((MxCpuLevel)i), mx_cpu_level_name ((MxCpuLevel)k));
  }
}
END_TEST

static Suite *
cpu_suite (void)
{
  Suite *suite = suite_create ("cpu");
  TCase *tc = tcase_create ("cpu");

  tcase_add_test (tc, a_level_this_processor_has_can_be_asked_for);
  tcase_add_test (tc, a_level_can_not_be_raised);
  tcase_add_test (tc, a_level_of_another_family_gives_the_next_lower_one);
  tcase_add_test (tc, an_unknown_level_is_ignored);
  tcase_add_test (tc, every_level_has_a_name_of_its_own);
  suite_add_tcase (suite, tc);
  return suite;
}

int
main (int argc, char **argv)
{
  SRunner *runner;
  int failed;

  if (argc > 1) {
    tell ();
    return 0;
  }
  program = argv[0];
  runner = srunner_create (cpu_suite ());
  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? 0 : 1;
}
