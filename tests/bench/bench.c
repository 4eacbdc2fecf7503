/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "bench.h"

#include "config.h"

#include "mx-cpu.h"
#include "mx-quantiser.h"
#include "mx-rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Windows that ranges are taken from. */
#define QUANTISED_WINDOWS 32

gint64
bench_cpu_ns (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * G_GINT64_CONSTANT (1000000000) + t.tv_nsec;
}

gint64
bench_look_ns (void)
{
  enum { LOOKS = 101 };
  static gint64 look;
  double ns[LOOKS];

  if (look == 0) {
    for (size_t i = 0; i < LOOKS; i++) {
      gint64 begin = bench_cpu_ns ();

      ns[i] = (double)(bench_cpu_ns () - begin);
    }
    look = (gint64)bench_median (ns, LOOKS);
  }
  return look;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

double
bench_median (double *values, size_t n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

double
bench_median_ratio (const double *a, const double *b, size_t n)
{
  g_autofree double *ratio = g_new (double, n);

  for (size_t i = 0; i < n; i++)
    ratio[i] = a[i] / b[i];
  return isnan (b[0]) ? NAN : bench_median (ratio, n);
}

/* --- the probe --- */

/* Rounds of multiplications and additions; returns operations of a round. */
#define DECLARE(suffix) size_t probe_##suffix (size_t n)
DECLARE (x86_64_v4);
DECLARE (x86_64_v3);
DECLARE (x86_64_v2);
DECLARE (neon);

static const struct {
  MxCpuLevel level;
  size_t (*probe) (size_t n);
} probes[] = {
#ifdef HAVE_KERNELS_X86_64_V4
    {MX_CPU_X86_64_V4, probe_x86_64_v4},
#endif
#ifdef HAVE_KERNELS_X86_64_V3
    {MX_CPU_X86_64_V3, probe_x86_64_v3},
#endif
#ifdef HAVE_KERNELS_X86_64_V2
    {MX_CPU_X86_64_V2, probe_x86_64_v2},
#endif
#ifdef HAVE_KERNELS_NEON
    {MX_CPU_NEON, probe_neon},
#endif
};

double
bench_probe (int level)
{
  const size_t rounds = 40000;

  for (size_t i = 0; i < G_N_ELEMENTS (probes); i++) {
    if ((int)probes[i].level <= level) {
      gint64 begin = bench_cpu_ns ();
      size_t operations = probes[i].probe (rounds);

      return (double)(operations * rounds) / (double)(bench_cpu_ns () - begin);
    }
  }
  return NAN;
}

/* --- networks --- */

const BenchNetwork bench_networks[BENCH_NETWORKS] = {
    {"network-a", 12, 800},
    {"network-b", 6, 13},
};

const unsigned bench_mix[BENCH_MIX] = {1, 1, 2, 1, 3, 1, 1, 2, 1, 4};

static char *
read_architecture (const char *path, int streamed, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *root;

  if (!json_parser_load_from_file (parser, path, error))
    return NULL;
  root = json_node_get_object (json_parser_get_root (parser));
  if (streamed >= 0) {
    json_object_set_int_member (root, "streamed", streamed);
    if (json_object_has_member (root, "front-end")) {
      JsonObject *frontend = json_object_get_object_member (root, "front-end");

      json_object_set_string_member (frontend, "reference", "none");
      json_object_remove_member (frontend, "range");
    }
  }
  return json_to_string (json_parser_get_root (parser), FALSE);
}

MxDescription *
bench_describe (const BenchNetwork *network, int streamed)
{
  static const char *const labels[] = {
      "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"};
  const char *some[G_N_ELEMENTS (labels) + 1] = {NULL};
  g_autofree char *path =
      g_strdup_printf ("%s/%s.json", BENCH_FOLDER, network->name);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = read_architecture (path, streamed, &error);
  MxDescription *description = NULL;

  for (size_t i = 0; i < network->classes; i++)
    some[i] = labels[i];
  if (text != NULL)
    description = mx_description_new (text, -1, path, some, &error);
  if (description == NULL) {
    fprintf (stderr, "%s\n", error->message);
    exit (EXIT_FAILURE);
  }
  return description;
}

MxNetwork *
bench_network_new (const BenchNetwork *network, int streamed)
{
  g_autoptr (MxDescription) description = bench_describe (network, streamed);
  const MxProgram *program = description->program;
  g_autofree float *weights = g_new (float, program->n_weights);
  MxRng rng;

  mx_program_init_weights (program, 1, weights);
  mx_rng_init (&rng, 1, 99);
  for (size_t i = program->n_trainable; i < program->n_weights; i++)
    weights[i] += (float)mx_rng_range (&rng, 0, .5);
  return mx_network_new (description, weights);
}

MxNetwork *
bench_quantise (MxNetwork *network)
{
  const MxDescription *description = network->description;
  const size_t n = QUANTISED_WINDOWS * description->window;
  g_autofree float *noise = bench_noise (n * description->channels);
  g_autoptr (MxQuantiser) quantiser = mx_quantiser_new (network, "", NULL);
  MxSession *session = mx_session_new (network);
  MxNetwork *quantised;

  for (size_t i = 0; i < n * description->channels; i++)
    noise[i] *= 10;
  mx_session_set_all_exits (session, true);
  mx_quantiser_listen (quantiser, session);
  for (size_t done = 0; done < n;) {
    MxResult result;
    bool answered;

    done += mx_session_push (session, noise + done * description->channels,
        n - done, &result, &answered);
  }
  mx_session_free (session);
  quantised = mx_quantiser_finish (quantiser);
  return quantised;
}

float *
bench_noise (size_t n)
{
  float *noise = g_new (float, n);
  MxRng rng;

  mx_rng_init (&rng, 1, 1);
  for (size_t i = 0; i < n; i++)
    noise[i] = (float)mx_rng_normal (&rng) * .1f;
  return noise;
}

/* --- results --- */

static struct {
  const char *title;
  const char *const *columns;
} section;

static int
column_width (const char *column)
{
  return MAX (10, (int)strlen (column));
}

void
bench_section (const char *title, const char *const *columns)
{
  section.title = title;
  section.columns = columns;
  printf ("\n%s, %s kernels\n%-34s", title, mx_cpu_level_name (mx_cpu_level ()),
      "");
  for (size_t i = 0; columns[i] != NULL; i++)
    printf (" %*s", column_width (columns[i]), columns[i]);
  printf ("\n");
}

static void
append_json (const char *path, const char *name, const double *values)
{
  g_autoptr (GString) line = g_string_new (NULL);
  FILE *file = fopen (path, "a");

  if (file == NULL)
    return;
  g_string_printf (line, "{\"section\": \"%s\", \"row\": \"%s\", \"values\": {",
      section.title, name);
  for (size_t i = 0; section.columns[i] != NULL; i++) {
    g_string_append_printf (
        line, "%s\"%s\": ", i == 0 ? "" : ", ", section.columns[i]);
    if (isfinite (values[i]))
      g_string_append_printf (line, "%.6g", values[i]);
    else
      g_string_append (line, "null");
  }
  fprintf (file, "%s}}\n", line->str);
  fclose (file);
}

void
bench_row (const char *name, const double *values)
{
  const char *path = g_getenv ("MX_BENCH_JSON");

  printf ("%-34s", name);
  for (size_t i = 0; section.columns[i] != NULL; i++) {
    int width = column_width (section.columns[i]);

    if (!isfinite (values[i]))
      printf (" %*s", width, "-");
    else if (values[i] >= 1000)
      printf (" %*.0f", width, values[i]);
    else
      printf (" %*.3g", width, values[i]);
  }
  printf ("\n");
  fflush (stdout);
  if (path != NULL)
    append_json (path, name, values);
}
