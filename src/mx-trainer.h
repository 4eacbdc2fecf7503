/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Batches of windows, clean and perturbed, into a trained network.
 *
 * Everything random comes from `seed`; the result is the same, byte for byte,
 * for every number of threads.
 *
 * In a group each member adds the windows of its share, and all step together
 * with what they have: losses, batch statistics and gradients are those of one
 * batch of all these windows, and every member has the same weights and gets
 * the same MxTrainerStep.  Dropout and mixup draw for each member by itself.
 * Owned by one caller, one thread at a time. */
#pragma once

#include "mx-checkpoint.h"
#include "mx-freeze.h"
#include "mx-network.h"
#include "mx-objective.h"
#include "mx-optimizer.h"
#include "mx-policy.h"
#include "mx-segment.h"

typedef enum { MX_SCHEDULE_COSINE, MX_SCHEDULE_CONSTANT } MxSchedule;

typedef struct {
  MxObjective objective;
  double ramp_up; /* fraction of the steps over which consistency sets in */
  MxOptimizerConfig optimizer;
  float learning_rate; /* peak */
  MxSchedule schedule; /* after the warm-up */
  uint64_t warm_up;    /* steps */
  float gradient_clip; /* largest norm of all gradients together; 0: any */
  uint64_t steps;      /* planned, for the schedule; 0: unknown */
  size_t batch_size;   /* windows (a pair counts once) */
  uint64_t seed;
  double mixup;           /* alpha of mx-mixup.h, 0: off */
  bool class_weights;     /* cross-entropy by mx-class-balance.h */
  double teacher_average; /* decay of the weights that teach, 0: the present
                             ones do; see mx-average-pass.h */
  double average_weights; /* decay of the weights that are saved, 0: the present
                             ones are */
  MxFreeze freeze;        /* what stays as it is: nothing */
  size_t threads;         /* 0: one for each processor */
  MxGroup *group;         /* borrowed; NULL: alone.  Every member has the same
                             configuration, description and start */
} MxTrainerConfig;

/* The recipe of docs/training.md: consistent-exit, ramp .3, adam, 2e-3,
 * warm-up 30, batch 64. */
void mx_trainer_config_init (MxTrainerConfig *config);

typedef struct {
  uint64_t step; /* done, this one included */
  float learning_rate;
  MxLoss loss;
  double gradient_norm;         /* before it was clipped */
  size_t labelled;              /* clean rows with a label */
  size_t correct[MX_MAX_EXITS]; /* of these, per exit */
  bool finite; /* false: the loss is not a number; nothing was updated */
} MxTrainerStep;

typedef struct _MxTrainer MxTrainer;

/* @description: without quantised layers.  @start: weights to begin with (a
 * network of the same program), or NULL for fresh ones. */
MxTrainer *mx_trainer_new (MxDescription *description, const MxNetwork *start,
    const MxTrainerConfig *config);
void mx_trainer_free (MxTrainer *self);

/* Corrects config.steps, when more is known of how long the data are: the
 * schedules follow from the next step on. */
void mx_trainer_plan (MxTrainer *self, uint64_t steps);

/* Copies one window [window][channels] of samples, and its perturbed copy
 * (NULL: none), into the batch; @label: class or -1.  The batch must not be
 * full.  Samples that are not finite count as 0. */
void mx_trainer_add (
    MxTrainer *self, const float *clean, const float *perturbed, int32_t label);

/* The same of a description with streamed stages, whose windows are cut out of
 * streams by the trainer's plan: every frame of them is copied. */
void mx_trainer_add_segments (MxTrainer *self, const MxSegment *clean,
    const MxSegment *perturbed, int32_t label);

bool mx_trainer_is_full (const MxTrainer *self);
/* Windows waiting in the batch. */
size_t mx_trainer_get_pending (const MxTrainer *self);

/* Rows: windows and their perturbed copies. */
size_t mx_trainer_get_rows (const MxTrainer *self);

/* One update with what the batch holds (at least one window; at least two rows
 * in all; both counted over the group, so a member may have none), which is
 * then empty. */
void mx_trainer_step (MxTrainer *self, MxTrainerStep *step);

/* The network as it is now, or the average of what it was: a copy. */
MxNetwork *mx_trainer_get_network (const MxTrainer *self);

/* All that the next steps depend on, between two of them: the batch must be
 * empty.  What is put there is borrowed, until the next step. */
void mx_trainer_save (MxTrainer *self, MxCheckpoint *checkpoint);
/* Of a trainer of the same program and configuration.  FALSE: nothing has
 * changed. */
gboolean mx_trainer_restore (
    MxTrainer *self, const MxCheckpoint *checkpoint, GError **error);
