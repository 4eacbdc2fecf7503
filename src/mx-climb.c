/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-climb.h"

#include "mx-budget.h"
#include "mx-change.h"
#include "mx-deadline.h"
#include "mx-scene.h"

#include <string.h>

struct _MxClimb {
  const MxNetwork *network;
  MxStream *stream;
  MxWatch *watch;
  MxTimings *timings;
  uint64_t macs[MX_MAX_EXITS]; /* to each exit, in the mean */
  double costs[MX_MAX_EXITS];  /* the same, fractions of the full one */

  MxPolicy asked, policy; /* policy: with what the calibration says */
  float temperatures[MX_MAX_EXITS];
  MxChange change;
  MxScene scene;
  MxBudget budget;
  MxDeadline deadline;
  double owed; /* cost of catching up, not yet told to the budget */

  MxOutcome last;       /* computed */
  float *probabilities; /* [classes] */

  bool all_exits;
  float *exit_probabilities; /* [exits][classes] */
};

/* NULL: there is none, or it is not wanted. */
static const MxCalibration *
calibration_of (const MxClimb *self)
{
  return self->asked.calibrated ? self->network->calibration : NULL;
}

/* What is asked, with this network. */
static void
follow_calibration (MxClimb *self)
{
  const MxCalibration *calibration = calibration_of (self);

  self->policy = self->asked;
  for (size_t e = 0; e < MX_MAX_EXITS; e++)
    self->temperatures[e] =
        calibration != NULL ? calibration->temperatures[e] : 1;
  if (calibration != NULL && self->asked.agreement > 0 &&
      self->asked.kind == MX_POLICY_CONFIDENCE)
    memcpy (self->policy.threshold,
        mx_calibration_for_agreement (calibration, self->asked.agreement)
            ->thresholds,
        (calibration->exits - 1) * sizeof (float));
}

/* Where the calibration knows what thresholds cost, the search for the budget's
 * begins there. */
static void
begin_threshold (MxClimb *self)
{
  const MxCalibration *calibration = calibration_of (self);
  bool known = calibration != NULL && self->policy.budget > 0 &&
               self->policy.kind == MX_POLICY_CONFIDENCE;

  mx_budget_begin_threshold (&self->budget,
      known ? mx_calibration_get_budget_offset (calibration, &self->policy)
            : 0);
}

MxClimb *
mx_climb_new (const MxNetwork *network, MxStream *stream, MxWatch *watch,
    MxTimings *timings)
{
  MxClimb *self = g_new0 (MxClimb, 1);

  self->network = network;
  self->stream = stream;
  self->watch = watch;
  self->timings = timings;
  mx_policy_init (&self->asked);
  follow_calibration (self);
  mx_change_init (&self->change, mx_stream_get_input_size (stream));
  mx_budget_init (&self->budget, self->policy.budget);
  mx_climb_set_hop (self);
  self->probabilities = g_new0 (float, network->program->classes);
  self->exit_probabilities =
      g_new0 (float, network->program->n_stages * network->program->classes);
  return self;
}

void
mx_climb_free (MxClimb *self)
{
  mx_change_clear (&self->change);
  g_free (self->probabilities);
  g_free (self->exit_probabilities);
  g_free (self);
}

/* What was learnt of times holds as long as the stages have the same to do. */
void
mx_climb_set_hop (MxClimb *self)
{
  const unsigned exits = self->network->program->n_stages;
  uint64_t macs[MX_MAX_EXITS] = {0}, stages[MX_MAX_EXITS] = {0}, before = 0;

  for (unsigned k = 0; k < exits; k++) {
    macs[k] = mx_stream_get_macs_per_hop (self->stream, k + 1);
    stages[k] = macs[k] - before;
    before = macs[k];
  }
  if (memcmp (macs, self->macs, sizeof macs) == 0)
    return;
  memcpy (self->macs, macs, sizeof macs);
  for (unsigned k = 0; k < exits; k++)
    self->costs[k] = (double)macs[k] / MAX (before, 1);
  mx_deadline_init (&self->deadline, stages, exits);
}

void
mx_climb_set_policy (MxClimb *self, const MxPolicy *policy)
{
  const MxPolicy before = self->asked;

  /* It comes with every buffer. */
  if (mx_policy_equal (&before, policy))
    return;
  self->asked = *policy;
  follow_calibration (self);
  if (policy->budget != before.budget) {
    mx_budget_init (&self->budget, policy->budget);
    self->owed = 0;
  }
  if (policy->budget != before.budget || policy->kind != before.kind ||
      policy->calibrated != before.calibrated)
    begin_threshold (self);
  mx_climb_reset (self);
}

void
mx_climb_reset (MxClimb *self)
{
  mx_change_forget (&self->change);
  mx_scene_end (&self->scene);
}

void
mx_climb_set_all_exits (MxClimb *self, bool all_exits)
{
  self->all_exits = all_exits;
}

const float *
mx_climb_get_exit_probabilities (const MxClimb *self)
{
  return self->all_exits ? self->exit_probabilities : NULL;
}

const float *
mx_climb_get_temperatures (const MxClimb *self)
{
  return self->temperatures;
}

const float *
mx_climb_get_probabilities (const MxClimb *self)
{
  return self->probabilities;
}

static bool
moves_threshold (const MxClimb *self)
{
  return self->policy.budget > 0 && mx_policy_has_threshold (&self->policy);
}

float
mx_climb_get_threshold (const MxClimb *self)
{
  float threshold = self->policy.threshold[0];

  if (moves_threshold (self))
    threshold = (float)mx_budget_threshold (&self->budget, threshold);
  return threshold;
}

/* --- time --- */

/* ns, any sign: what the deadline leaves from the last look at the clock. */
static int64_t
time_left (const MxClimb *self, uint64_t due)
{
  const int64_t far = G_MAXINT64 / 4;
  int64_t late = (int64_t)(self->watch->last - due);

  if (self->policy.deadline == 0 || self->all_exits)
    return far;
  return (int64_t)MIN (self->policy.deadline, (uint64_t)far) -
         CLAMP (late, -far, far);
}

/* A hop may give a stage less to do than the mean, by its place on the grid;
 * what the stage does beside then counts, so nothing shorter is expected. */
static void
expect_work (MxClimb *self)
{
  double work[MX_MAX_EXITS];
  uint64_t before = 0, mean_before = 0;

  for (unsigned k = 0; k < self->network->program->n_stages; k++) {
    uint64_t macs = mx_stream_get_macs_to (self->stream, k + 1);

    work[k] = (double)(macs - before) / MAX (self->macs[k] - mean_before, 1);
    work[k] = MAX (work[k], 1);
    before = macs;
    mean_before = self->macs[k];
  }
  mx_deadline_expect (&self->deadline, work);
}

static unsigned
allow (MxClimb *self, uint64_t due, unsigned limit)
{
  unsigned allowed;

  expect_work (self);
  allowed = mx_deadline_begin (&self->deadline, time_left (self, due));

  return limit > 0 ? MIN (allowed, limit) : allowed;
}

/* --- one stage --- */

static bool
run_stage (MxClimb *self, unsigned stage)
{
  const size_t classes = self->network->program->classes;
  bool finite = mx_softmax_or_none (mx_stream_run_stage (self->stream, stage),
      classes, self->temperatures[stage], self->probabilities);
  uint64_t ns = mx_watch_lap (self->watch);

  self->timings->runs[stage]++;
  self->timings->times[stage] += ns;
  mx_deadline_note (&self->deadline, ns);
  memcpy (self->exit_probabilities + stage * classes, self->probabilities,
      classes * sizeof (float));
  return finite;
}

/* The stages from `first` on, which nobody asked for.  @clean: as below. */
static uint64_t
run_aside (MxClimb *self, unsigned first, bool clean)
{
  const MxProgram *program = self->network->program;
  const size_t classes = program->classes;

  for (unsigned stage = first; stage < program->n_stages; stage++)
    mx_softmax_or_none (mx_stream_run_aside (self->stream, stage), classes,
        self->temperatures[stage], self->exit_probabilities + stage * classes);
  if (!clean)
    for (unsigned stage = 0; stage < program->n_stages; stage++)
      mx_prefer_none (self->exit_probabilities + stage * classes, classes);
  return mx_watch_lap (self->watch);
}

/* --- decisions --- */

/* Depth the account can pay, if it is not the threshold that it moves. */
static unsigned
affordable (const MxClimb *self)
{
  const MxPolicy *policy = &self->policy;
  unsigned exits = self->network->program->n_stages;

  if (policy->budget <= 0 || moves_threshold (self))
    return exits;
  return MAX (mx_budget_deepest (&self->budget, self->costs,
                  mx_policy_deepest (policy, exits)),
      policy->min_exit);
}

static bool
will_do (MxClimb *self, MxPolicyState *state, unsigned exit)
{
  const MxProgram *program = self->network->program;
  const MxPolicy *policy = &self->policy;

  if (!moves_threshold (self) || exit < policy->min_exit ||
      exit >= mx_policy_deepest (policy, program->n_stages)) {
    return mx_policy_stops (policy, state, exit, program->n_stages,
        self->probabilities, program->classes);
  }
  return mx_budget_stops (&self->budget,
      mx_policy_certainty (policy, self->probabilities, program->classes),
      policy->threshold[exit - 1]);
}

/* A streamed stage that there was no time for has the more to do in the windows
 * to come, soon too much for the time of any: so the time left goes to it. */
static void
catch_up (MxClimb *self, unsigned stage, uint64_t due)
{
  double hops = mx_deadline_fits (&self->deadline, time_left (self, due));

  if (stage >= self->network->program->n_streamed || hops < 1)
    return;
  mx_stream_catch_up (self->stream, stage, (size_t)MIN (hops, G_MAXINT));
  self->timings->times[stage] += mx_watch_lap (self->watch);
}

/* Stage by stage, until an exit will do: what is behind is not computed. */
static MxOutcome
climb (MxClimb *self, uint64_t due, unsigned allowed, unsigned limit)
{
  const MxProgram *program = self->network->program;
  const unsigned deepest = affordable (self);
  MxOutcome outcome = {.allowed = allowed};
  MxPolicyState state = {0};
  bool decided, settled;

  do {
    unsigned exit = ++outcome.exit;
    size_t label;

    outcome.finite = run_stage (self, exit - 1);
    label = mx_argmax (self->probabilities, program->classes);
    decided = will_do (self, &state, exit) || exit >= deepest;
    settled = mx_scene_stops (&self->scene, exit, label) && !decided;
    if (!decided && !settled) {
      outcome.limited =
          exit >= allowed ||
          !mx_deadline_has_time (&self->deadline, time_left (self, due));
    }
  } while (!decided && !settled && !outcome.limited);
  if (outcome.limited && (limit == 0 || outcome.exit < limit))
    catch_up (self, outcome.exit, due);
  mx_deadline_end (&self->deadline);

  if (decided) {
    mx_scene_begin (&self->scene, outcome.exit, self->policy.min_exit,
        self->policy.temporal_patience);
  } else if (settled) {
    mx_scene_go_on (&self->scene);
  } else {
    mx_scene_end (&self->scene);
    outcome.allowed = outcome.exit;
  }
  return outcome;
}

/* An answer that was cut short is given again only while there is no time for
 * a better one. */
static bool
is_unchanged (const MxClimb *self, const float *input, unsigned allowed)
{
  float threshold = self->policy.difference_threshold;

  return threshold > 0 &&
         !(self->last.limited && allowed > self->last.allowed) &&
         mx_change_is_small (&self->change, input, threshold);
}

static void
compute (MxClimb *self, const float *input, bool clean, uint64_t due,
    unsigned allowed, unsigned limit)
{
  if (!clean)
    mx_climb_reset (self);
  if (self->policy.difference_threshold > 0)
    mx_change_remember (&self->change, input);
  self->last = climb (self, due, allowed, limit);
  self->last.finite = self->last.finite && clean;
  if (!self->last.finite) {
    mx_prefer_none (self->probabilities, self->network->program->classes);
    mx_climb_reset (self);
  }
}

static void
pay (MxClimb *self, const MxOutcome *outcome)
{
  unsigned exits = self->network->program->n_stages;
  unsigned most =
      MIN (mx_policy_deepest (&self->policy, exits), outcome->allowed);

  double cost;

  self->owed += (double)mx_stream_get_macs (self->stream) /
                MAX (self->macs[exits - 1], 1);
  cost = MIN (self->owed, 1);
  self->owed -= cost;
  mx_budget_pay (&self->budget, cost, self->costs[most - 1]);
}

MxOutcome
mx_climb_run (MxClimb *self, bool clean, uint64_t due, unsigned limit)
{
  const float *input;
  MxOutcome outcome;
  unsigned allowed;

  mx_stream_begin (self->stream);
  input = mx_stream_get_input (self->stream);
  self->timings->frontend_ns += mx_watch_lap (self->watch);
  self->timings->windows++;

  if (self->all_exits)
    limit = 0;
  mx_budget_begin (&self->budget);
  allowed = allow (self, due, limit);
  if (clean && is_unchanged (self, input, allowed)) {
    outcome = self->last;
    outcome.skipped = true;
    outcome.allowed = allowed;
  } else {
    compute (self, input, clean, due, allowed, limit);
    outcome = self->last;
  }
  if (self->policy.budget > 0)
    pay (self, &outcome);
  if (self->all_exits)
    outcome.aside = run_aside (self, outcome.skipped ? 0 : outcome.exit, clean);
  return outcome;
}
