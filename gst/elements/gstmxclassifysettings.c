/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "config.h"

#include "gstmxclassifysettings.h"

#define DEFAULT_WEIGHTS MX_STORAGE_F32
#define DEFAULT_HOP 0
#define DEFAULT_ALIGNMENT_THRESHOLD (40 * GST_MSECOND)
#define DEFAULT_DISCONT_WAIT 0
#define DEFAULT_POLICY MX_POLICY_CONFIDENCE
#define DEFAULT_EXIT_THRESHOLD 0.8
#define DEFAULT_CALIBRATED TRUE
#define DEFAULT_AGREEMENT_TARGET 0
#define DEFAULT_PATIENCE 2
#define DEFAULT_MIN_EXIT 1
#define DEFAULT_MAX_EXIT 0
#define DEFAULT_BUDGET 0
#define DEFAULT_DEADLINE 0
#define DEFAULT_QOS FALSE
#define DEFAULT_TEMPORAL_PATIENCE 0
#define DEFAULT_DIFFERENCE_THRESHOLD 0
#define DEFAULT_ALL_EXITS FALSE
#define DEFAULT_POST_MESSAGES TRUE
#define DEFAULT_ATTACH_META TRUE
#define DEFAULT_INTERVAL 0
#define DEFAULT_ON_CHANGE FALSE
#define DEFAULT_ATTACH_ANALYTICS FALSE

#define FLAGS (G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS)
#define READY (FLAGS | GST_PARAM_MUTABLE_READY)
#define PLAYING (FLAGS | GST_PARAM_MUTABLE_PLAYING)
#define CONTROLLED (PLAYING | GST_PARAM_CONTROLLABLE)

#define MEMBER(member) GST_MX_MEMBER (GstMxClassifySettings, member)

G_DEFINE_ENUM_TYPE (GstMxPolicy, gst_mx_policy,
    {MX_POLICY_CONFIDENCE, "The largest probability reaches the threshold",
        "confidence"},
    {MX_POLICY_ENTROPY,
        "The entropy, as a fraction of the largest possible, is at most 1 - "
        "threshold",
        "entropy"},
    {MX_POLICY_MARGIN,
        "The largest probability leads the second by the threshold", "margin"},
    {MX_POLICY_PATIENCE, "So many exits in a row gave the same class",
        "patience"},
    {MX_POLICY_LAST, "It is the deepest allowed", "last"})

G_DEFINE_ENUM_TYPE (GstMxStorage, gst_mx_storage,
    {MX_STORAGE_F32, "32 bits each, as in the model file", "f32"},
    {MX_STORAGE_F16, "The nearest number of 16 bits (IEEE 754 binary16)",
        "f16"},
    {MX_STORAGE_BF16,
        "The nearest bfloat16 (8 digits), and of what they multiply, too",
        "bf16"},
    {MX_STORAGE_BF16X3,
        "Two bfloat16, 16 digits, of both; without Intel's AMX as f32",
        "bf16x3"})

static void
install_input (GObjectClass *klass)
{
  g_object_class_install_property (klass, GST_MX_CLASSIFY_PROP_MODEL_FILE,
      g_param_spec_string ("model-file", "Model file",
          "Model (safetensors) that listens; unset: the one built in. In the "
          "states PAUSED and PLAYING it is loaded when set, again if the file "
          "changed, and takes over where the next window begins; if it cannot, "
          "a warning says why and the one in use goes on",
          NULL, PLAYING));
  gst_mx_property_install (klass, MEMBER (weights),
      g_param_spec_enum ("weights", "Weights",
          "In how many bits is computed: f16 stores weights in 16, which "
          "halves the bytes that a window reads, and computes in 32; bf16 also "
          "rounds what convolutions multiply weights by, and is fast where the "
          "processor has AVX512-BF16 and is AMD's, or has Intel's AMX; bf16x3 "
          "is nearly f32, and for AMX alone",
          GST_TYPE_MX_STORAGE, DEFAULT_WEIGHTS, READY));
  gst_mx_property_install (klass, MEMBER (hop),
      g_param_spec_uint64 ("hop", "Hop",
          "Time from the start of one window to the next, in ns, rounded to a "
          "sample of the model, then up to a step of its front end; 0: the "
          "model's",
          0, G_MAXUINT64, DEFAULT_HOP, READY));
  gst_mx_property_install (klass, MEMBER (alignment.threshold),
      g_param_spec_uint64 ("alignment-threshold", "Alignment threshold",
          "How far timestamps may be from the count of samples, in ns: so far "
          "and up to a sample they are followed, further is a step, which ends "
          "the recording",
          0, G_MAXUINT64, DEFAULT_ALIGNMENT_THRESHOLD, PLAYING));
  gst_mx_property_install (klass, MEMBER (alignment.wait),
      g_param_spec_uint64 ("discont-wait", "Discont wait",
          "How long, in ns by the timestamps, a step must last before it ends "
          "the recording; until then samples are counted. 0: it ends at once",
          0, G_MAXUINT64, DEFAULT_DISCONT_WAIT, PLAYING));
}

static void
install_policy (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (policy),
      g_param_spec_enum ("policy", "Policy",
          "When a window's answer is taken from an exit, and what is behind it "
          "not computed",
          GST_TYPE_MX_POLICY, DEFAULT_POLICY, CONTROLLED));
  gst_mx_property_install (klass, MEMBER (exit_threshold),
      g_param_spec_double ("exit-threshold", "Exit threshold",
          "Threshold of the policies confidence, entropy and margin, a "
          "probability; higher goes deeper",
          0, 1, DEFAULT_EXIT_THRESHOLD, CONTROLLED));
  g_object_class_install_property (klass, GST_MX_CLASSIFY_PROP_EXIT_THRESHOLDS,
      gst_mx_thresholds_param_spec (PLAYING));
  gst_mx_property_install (klass, MEMBER (calibrated),
      g_param_spec_boolean ("calibrated", "Calibrated",
          "Divide logits by the temperatures of the model's calibration, if it "
          "has one, so that confidences are what they say",
          DEFAULT_CALIBRATED, PLAYING));
  gst_mx_property_install (klass, MEMBER (agreement_target),
      g_param_spec_double ("agreement-target", "Agreement target",
          "Share of the windows that are to be answered as the last exit "
          "would: "
          "the model's calibration gives the thresholds, in place of "
          "exit-threshold and exit-thresholds (policy confidence); 0: off",
          0, 1, DEFAULT_AGREEMENT_TARGET, PLAYING));
  gst_mx_property_install (klass, MEMBER (patience),
      g_param_spec_uint ("patience", "Patience",
          "Exits in a row that must agree (policy patience)", 1, MX_MAX_EXITS,
          DEFAULT_PATIENCE, CONTROLLED));
  gst_mx_property_install (klass, MEMBER (min_exit),
      g_param_spec_uint ("min-exit", "Smallest exit",
          "First exit that may answer, counted from 1", 1, MX_MAX_EXITS,
          DEFAULT_MIN_EXIT, CONTROLLED));
  gst_mx_property_install (klass, MEMBER (max_exit),
      g_param_spec_uint ("max-exit", "Largest exit",
          "Exit that answers at the latest, counted from 1, even before "
          "min-exit; 0: the model's last",
          0, MX_MAX_EXITS, DEFAULT_MAX_EXIT, CONTROLLED));
}

/* What decides beside the policy. */
static void
install_economy (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (budget),
      g_param_spec_double ("budget", "Budget",
          "Mean cost at which the stream is held, a fraction of what the whole "
          "network costs: moves the threshold, or for other policies the "
          "largest exit; 0: off",
          0, 1, DEFAULT_BUDGET, CONTROLLED));
  gst_mx_property_install (klass, MEMBER (deadline),
      g_param_spec_uint64 ("deadline", "Deadline",
          "Time, in ns, in which a window is answered, by less depth if need "
          "be: in a live pipeline from when its last buffer was due here, "
          "elsewhere from when its computing begins; 0: off",
          0, G_MAXUINT64, DEFAULT_DEADLINE, CONTROLLED));
  /* In place of the base class's, which drops late buffers. */
  gst_mx_property_install (klass, MEMBER (qos),
      g_param_spec_boolean ("qos", "Quality of service",
          "Whether windows are answered by less depth while sinks say, by QoS "
          "events, that they are late; no sample is dropped",
          DEFAULT_QOS, PLAYING));
  gst_mx_property_install (klass, MEMBER (temporal_patience),
      g_param_spec_uint ("temporal-patience", "Temporal patience",
          "Windows that may follow one decided by the policy and leave at the "
          "exit that sufficed there, while the answer stays; 0: off",
          0, G_MAXUINT, DEFAULT_TEMPORAL_PATIENCE, CONTROLLED));
  gst_mx_property_install (klass, MEMBER (difference_threshold),
      g_param_spec_double ("difference-threshold", "Difference threshold",
          "A window is skipped and the last answer repeated if the network's "
          "input, after normalisation, differs from the last computed one by "
          "less than this root mean square; 0: off",
          0, G_MAXFLOAT, DEFAULT_DIFFERENCE_THRESHOLD, CONTROLLED));
}

static void
install_output (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (all_exits),
      g_param_spec_boolean ("all-exits", "All exits",
          "Compute every window at every exit, to evaluate a model: results "
          "then have the fields exit-labels, exit-probabilities, "
          "exit-temperatures and exit-macs too; which exit answers, and all "
          "other fields, are as without it, but that neither deadline nor late "
          "sinks limit the depth",
          DEFAULT_ALL_EXITS, READY));
  gst_mx_property_install (klass, MEMBER (post_messages),
      g_param_spec_boolean ("post-messages", "Post messages",
          "Post each result as an element message \"mxclassify\"",
          DEFAULT_POST_MESSAGES, PLAYING));
  gst_mx_property_install (klass, MEMBER (attach_meta),
      g_param_spec_boolean ("attach-meta", "Attach meta",
          "Attach each result as a meta \"GstMxResult\" to the buffer with "
          "which the window is complete: that with its last sample or, where "
          "the rate is converted, up to 33 samples of the slower rate later; "
          "as "
          "an event where no buffer follows",
          DEFAULT_ATTACH_META, PLAYING));
  gst_mx_property_install (klass, MEMBER (interval),
      g_param_spec_uint64 ("interval", "Interval",
          "Least running time from one message to the next, in ns; 0: each "
          "result is posted",
          0, G_MAXUINT64, DEFAULT_INTERVAL, PLAYING));
  gst_mx_property_install (klass, MEMBER (on_change),
      g_param_spec_boolean ("on-change", "On change",
          "Post only results whose class, or whether they are finite, differs "
          "from the last message's; within interval, what stands after it",
          DEFAULT_ON_CHANGE, PLAYING));
#ifdef HAVE_ANALYTICS
  gst_mx_property_install (klass, MEMBER (attach_analytics),
      g_param_spec_boolean ("attach-analytics", "Attach analytics",
          "Attach each result also as a GstAnalyticsClsMtd to the buffer with "
          "which the window is complete; audio conversions downstream lose it",
          DEFAULT_ATTACH_ANALYTICS, PLAYING));
#endif
}

static void
install_read_only (GObjectClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  g_object_class_install_property (klass, GST_MX_CLASSIFY_PROP_LABELS,
      gst_param_spec_array ("labels", "Labels",
          "Labels of the model in class order; empty before the state PAUSED",
          g_param_spec_string (
              "label", "Label", "Name of a class", NULL, flags),
          flags));
  g_object_class_install_property (klass, GST_MX_CLASSIFY_PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Since the element was started: windows (guint64), exits (array of "
          "guint64: windows that each answered), mean-cost (gdouble, fraction "
          "of the full cost), mean-macs (gdouble), skipped and limited "
          "(guint64: windows), stage-times (array of GstClockTime: mean of "
          "each stage's runs), front-end-time (GstClockTime: mean of all "
          "windows), threshold (gdouble: in force at exit 1)",
          GST_TYPE_STRUCTURE, flags));
}

void
gst_mx_classify_settings_install (GObjectClass *klass)
{
  install_input (klass);
  install_policy (klass);
  install_economy (klass);
  install_output (klass);
  install_read_only (klass);
  gst_type_mark_as_plugin_api (GST_TYPE_MX_POLICY, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_MX_STORAGE, 0);
}

static gchar **
get_preset_properties (GstPreset *preset)
{
  static const gchar *names[] = {"policy", "exit-threshold", "exit-thresholds",
      "calibrated", "agreement-target", "patience", "min-exit", "max-exit",
      "temporal-patience", "difference-threshold", "budget", "deadline"};
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (preset), names[i]) !=
        NULL)
      g_strv_builder_add (found, names[i]);
  return g_strv_builder_end (found);
}

void
gst_mx_classify_settings_init_presets (gpointer iface, gpointer data)
{
  GstPresetInterface *presets = iface;

  presets->get_property_names = get_preset_properties;
}

gboolean
gst_mx_classify_settings_get (
    const GstMxClassifySettings *self, GParamSpec *pspec, GValue *value)
{
  if (pspec->param_id != GST_MX_CLASSIFY_PROP_EXIT_THRESHOLDS)
    return gst_mx_property_get (self, pspec, value);
  gst_mx_thresholds_get (&self->exit_thresholds, value);
  return TRUE;
}

static gchar *
thresholds_misfit (
    const GstMxClassifySettings *self, const gchar *model, guint n_exits)
{
  if (gst_mx_thresholds_fit (&self->exit_thresholds, n_exits))
    return NULL;
  return g_strdup_printf (
      "Property exit-thresholds holds %u threshold%s; model "
      "\"%s\" has %u exit%s and needs %u or, as the last "
      "always answers, %u",
      self->exit_thresholds.n, self->exit_thresholds.n == 1 ? "" : "s", model,
      n_exits, n_exits == 1 ? "" : "s", n_exits, n_exits - 1);
}

static gchar *
agreement_misfit (const GstMxClassifySettings *self, const MxNetwork *network)
{
  if (self->agreement_target <= 0)
    return NULL;
  if (!self->calibrated)
    return g_strdup_printf (
        "Property agreement-target is %g, which only calibrated confidences "
        "can meet, but calibrated is false: change one of them",
        self->agreement_target);
  if (network->calibration == NULL)
    return g_strdup_printf (
        "Property agreement-target is %g, but model \"%s\" has no calibration: "
        "make one with mxcalibratesink, or set the property to 0",
        self->agreement_target, network->description->name);
  return NULL;
}

gchar *
gst_mx_classify_settings_misfit (
    const GstMxClassifySettings *self, const MxNetwork *network)
{
  gchar *misfit = thresholds_misfit (
      self, network->description->name, network->program->n_stages);

  return misfit != NULL ? misfit : agreement_misfit (self, network);
}

gchar *
gst_mx_classify_settings_set_thresholds (
    GstMxClassifySettings *self, const GValue *value, const MxNetwork *network)
{
  GstMxThresholds before = self->exit_thresholds;
  gchar *wrong = gst_mx_thresholds_set (&self->exit_thresholds, value);

  self->policy_changed = TRUE;
  if (wrong == NULL && network != NULL) {
    wrong = gst_mx_classify_settings_misfit (self, network);
    if (wrong != NULL)
      self->exit_thresholds = before;
  }
  return wrong;
}

gchar *
gst_mx_classify_settings_set (GstMxClassifySettings *self, GParamSpec *pspec,
    const GValue *value, const MxNetwork *network, gboolean *known)
{
  GstMxClassifySettings before = *self;
  gchar *wrong = NULL;

  *known = gst_mx_property_set (self, pspec, value);
  if (*known && network != NULL)
    wrong = agreement_misfit (self, network);
  if (wrong != NULL)
    *self = before;
  self->policy_changed = TRUE;
  return wrong;
}

void
gst_mx_classify_settings_get_policy (
    const GstMxClassifySettings *self, MxPolicy *policy)
{
  mx_policy_init (policy);
  policy->kind = self->policy;
  gst_mx_thresholds_apply (
      &self->exit_thresholds, self->exit_threshold, policy);
  policy->calibrated = self->calibrated;
  policy->agreement = (float)self->agreement_target;
  policy->patience = self->patience;
  policy->min_exit = self->min_exit;
  policy->max_exit = self->max_exit;
  policy->budget = self->budget;
  policy->deadline = self->deadline;
  policy->temporal_patience = self->temporal_patience;
  policy->difference_threshold = self->difference_threshold;
}

gboolean
gst_mx_classify_settings_take_policy (
    GstMxClassifySettings *self, MxPolicy *policy)
{
  if (!self->policy_changed)
    return FALSE;
  self->policy_changed = FALSE;
  gst_mx_classify_settings_get_policy (self, policy);
  return TRUE;
}

gsize
gst_mx_classify_settings_get_hop (const GstMxClassifySettings *self, gsize rate)
{
  guint64 samples;

  if (self->hop == 0)
    return 0;
  samples = gst_util_uint64_scale_round (self->hop, rate, GST_SECOND);
  return CLAMP (samples, 1, G_MAXSIZE);
}
