/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Training steps, one for each line it reads; answers each with a line: how
 * many milliseconds it took by the clock, and of processor time.
 * torch-training.py does the same, so that run.py can let them take turns.
 *
 *   bench-training network-a|network-b THREADS
 *
 * A step: 64 labelled windows and their perturbed copies, consistent exit
 * training with Adam; the front end included, making the windows not. */

#include "bench.h"

#include "mx-trainer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BATCH 64

static MxTrainer *
make_trainer (MxDescription *description, size_t threads)
{
  MxTrainerConfig config;

  mx_trainer_config_init (&config);
  config.batch_size = BATCH;
  config.threads = threads;
  return mx_trainer_new (description, NULL, &config);
}

static void
fill_batch (
    MxTrainer *trainer, const MxDescription *description, const float *noise)
{
  size_t floats = description->window * description->channels;

  for (size_t i = 0; i < BATCH; i++)
    mx_trainer_add (trainer, noise + 2 * i * floats,
        noise + (2 * i + 1) * floats, (int32_t)(i % description->n_labels));
}

int
main (int argc, char **argv)
{
  const BenchNetwork *about = NULL;
  char line[16];

  for (size_t i = 0; i < BENCH_NETWORKS; i++)
    if (argc == 3 && g_str_equal (argv[1], bench_networks[i].name))
      about = &bench_networks[i];
  if (about == NULL)
    return EXIT_FAILURE;
  g_autoptr (MxDescription) description = bench_describe (about, -1);
  MxTrainer *trainer =
      make_trainer (description, (size_t)g_ascii_strtoull (argv[2], NULL, 10));
  g_autofree float *noise =
      bench_noise (2 * BATCH * description->window * description->channels);

  while (fgets (line, sizeof line, stdin) != NULL) {
    MxTrainerStep step;
    gint64 begin;
    clock_t begin_cpu;

    fill_batch (trainer, description, noise);
    begin = g_get_monotonic_time ();
    begin_cpu = clock ();
    mx_trainer_step (trainer, &step);
    printf ("%.3f %.3f\n", (double)(g_get_monotonic_time () - begin) / 1e3,
        (double)(clock () - begin_cpu) * 1e3 / CLOCKS_PER_SEC);
    fflush (stdout);
  }
  mx_trainer_free (trainer);
  return EXIT_SUCCESS;
}
