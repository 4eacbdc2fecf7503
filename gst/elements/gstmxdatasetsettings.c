/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxdatasetsettings.h"

#include "mx-group.h"

#define DEFAULT_EPOCHS 1
#define DEFAULT_SHUFFLE FALSE
#define DEFAULT_SEED 0
#define DEFAULT_LABELLED_FRACTION 1.0
#define DEFAULT_LABELLED_PER_CLASS 0
#define DEFAULT_LABELLED_SHARE 0.0
#define DEFAULT_BALANCE FALSE
#define DEFAULT_START_INDEX 0
#define DEFAULT_STOP_INDEX -1
#define DEFAULT_SHARDS 0
#define DEFAULT_SHARD -1
#define DEFAULT_PAD_TO 0
#define DEFAULT_PAD_POSITION GST_MX_PAD_POSITION_RANDOM
#define DEFAULT_MODE GST_MX_MODE_ISOLATED
#define DEFAULT_GAP_LOW (300 * GST_MSECOND)
#define DEFAULT_GAP_HIGH (1500 * GST_MSECOND)
#define DEFAULT_GAP_LEVEL_LOW -40.0
#define DEFAULT_GAP_LEVEL_HIGH -30.0
#define DEFAULT_LEVEL 0.0
#define DEFAULT_GAIN_LOW 0.0
#define DEFAULT_GAIN_HIGH 0.0
#define DEFAULT_CACHE_SIZE (G_GUINT64_CONSTANT (512) << 20)

#define MEMBER(member) GST_MX_MEMBER (GstMxDatasetSettings, member)

#define GST_TYPE_MX_PAD_POSITION (gst_mx_pad_position_get_type ())
static G_DEFINE_ENUM_TYPE (GstMxPadPosition, gst_mx_pad_position,
    {GST_MX_PAD_POSITION_RANDOM,
        "At a place drawn from seed, epoch and index of the example", "random"},
    {GST_MX_PAD_POSITION_CENTRE, "In the middle", "centre"})

#define GST_TYPE_MX_MODE (gst_mx_mode_get_type ())
static G_DEFINE_ENUM_TYPE (GstMxMode, gst_mx_mode,
    {GST_MX_MODE_ISOLATED, "Each example begins with DISCONT, on its own",
        "isolated"},
    {GST_MX_MODE_CONTINUOUS,
        "Examples follow each other with gaps between them, as one stream",
        "continuous"})

void
gst_mx_dataset_settings_set (
    GstMxDatasetSettings *settings, GParamSpec *pspec, const GValue *value)
{
  gst_mx_property_set (settings, pspec, value);
  settings->choice.seed = settings->sending.order.seed;
}

void
gst_mx_dataset_settings_copy (
    const GstMxDatasetSettings *settings, GstMxDatasetSettings *to)
{
  *to = *settings;
  to->location = g_strdup (settings->location);
  to->choice.splits = g_strdup (settings->choice.splits);
  to->choice.subjects = g_strdup (settings->choice.subjects);
  to->choice.exclude_subjects = g_strdup (settings->choice.exclude_subjects);
  to->choice.valid_subjects = g_strdup (settings->choice.valid_subjects);
  to->choice.labels = g_strdup (settings->choice.labels);
}

gboolean
gst_mx_dataset_settings_resolve_shard (
    GstMxDatasetSettings *settings, GError **error)
{
  GstMxOrderSettings *order = &settings->sending.order;
  gsize rank, size;

  mx_group_get_environment (&rank, &size);
  if (order->shards == 0)
    order->shards = (guint)size;
  if (order->shard < 0)
    order->shard = order->shards == 1 ? 0 : (gint)rank;
  if ((guint)order->shard < order->shards)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "Property 'shard' is %d, expected 0 to %u, as 'shards' is %u",
      order->shard, order->shards - 1, order->shards);
  return FALSE;
}

void
gst_mx_dataset_settings_clear (GstMxDatasetSettings *settings)
{
  g_clear_pointer (&settings->location, g_free);
  g_clear_pointer (&settings->choice.splits, g_free);
  g_clear_pointer (&settings->choice.subjects, g_free);
  g_clear_pointer (&settings->choice.exclude_subjects, g_free);
  g_clear_pointer (&settings->choice.valid_subjects, g_free);
  g_clear_pointer (&settings->choice.labels, g_free);
}

#define FLAGS                                                                  \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define CONSTRUCT (FLAGS | G_PARAM_CONSTRUCT)

static void
install_choice (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (location),
      g_param_spec_string ("location", "Location",
          "Data set: a folder [split/]label/file, a folder that holds a "
          "manifest.csv, or a manifest with the columns path and label",
          NULL, FLAGS));
  gst_mx_property_install (klass, MEMBER (choice.splits),
      g_param_spec_string ("split", "Split",
          "Only these splits, comma-separated (NULL = all); examples of the "
          "split valid come last in each epoch, in order and with their labels",
          NULL, FLAGS));
  gst_mx_property_install (klass, MEMBER (choice.subjects),
      g_param_spec_string ("subjects", "Subjects",
          "Only these subjects, comma-separated (NULL = all)", NULL, FLAGS));
  gst_mx_property_install (klass, MEMBER (choice.exclude_subjects),
      g_param_spec_string ("exclude-subjects", "Exclude subjects",
          "All but these subjects, comma-separated (NULL = none)", NULL,
          FLAGS));
  gst_mx_property_install (klass, MEMBER (choice.valid_subjects),
      g_param_spec_string ("valid-subjects", "Valid subjects",
          "Of these subjects, comma-separated, all that is sent counts as of "
          "the "
          "split valid (NULL = none)",
          NULL, FLAGS));
  gst_mx_property_install (klass, MEMBER (choice.labels),
      g_param_spec_string ("labels", "Labels",
          "Class order, comma-separated (NULL = all labels of the data set, "
          "sorted); while running, the order in use",
          NULL, FLAGS));
  gst_mx_property_install (klass, MEMBER (choice.start),
      g_param_spec_int64 ("start-index", "Start index",
          "First example sent, counted from 0 in what splits and subjects "
          "leave",
          0, G_MAXINT64, DEFAULT_START_INDEX, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (choice.stop),
      g_param_spec_int64 ("stop-index", "Stop index",
          "First example not sent any more, counted like start-index (-1 = to "
          "the end)",
          -1, G_MAXINT64, DEFAULT_STOP_INDEX, CONSTRUCT));
}

static void
install_labelled (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (choice.labelled_fraction),
      g_param_spec_double ("labelled-fraction", "Labelled fraction",
          "Part of each class that is sent with its label, 0 to 1; the rest is "
          "sent unlabelled",
          0.0, 1.0, DEFAULT_LABELLED_FRACTION, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (choice.labelled_per_class),
      g_param_spec_uint ("labelled-per-class", "Labelled per class",
          "Examples of each class that are sent with their label, in place of "
          "labelled-fraction (0 = labelled-fraction holds)",
          0, G_MAXUINT, DEFAULT_LABELLED_PER_CLASS, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.order.labelled_share),
      g_param_spec_double ("labelled-share", "Labelled share",
          "Part of all that is sent that is labelled, 0 to 1: in an epoch "
          "unlabelled examples come once, labelled ones again and again among "
          "them (0 = all come once, 1 = labelled ones alone)",
          0.0, 1.0, DEFAULT_LABELLED_SHARE, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.order.balance),
      g_param_spec_boolean ("balance", "Balance",
          "Labelled examples of all classes come equally often: those of rare "
          "ones again and again",
          DEFAULT_BALANCE, CONSTRUCT));
}

static void
install_sending (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (sending.epochs),
      g_param_spec_int ("epochs", "Epochs",
          "How many times each example is sent (-1 = for ever)", -1, G_MAXINT,
          DEFAULT_EPOCHS, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.order.shuffle),
      g_param_spec_boolean ("shuffle", "Shuffle",
          "Another random order in each epoch", DEFAULT_SHUFFLE, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.order.seed),
      g_param_spec_uint64 ("seed", "Seed",
          "Source of all chance: equal seeds send equal bytes", 0, G_MAXUINT64,
          DEFAULT_SEED, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.pad_to),
      g_param_spec_uint64 ("pad-to", "Pad to",
          "Shorter examples are laid into so much digital silence, in ns (0 = "
          "they stay as they are); isolated examples only",
          0, GST_SECOND * 3600, DEFAULT_PAD_TO, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.pad_position),
      g_param_spec_enum ("pad-position", "Pad position",
          "Where in the silence of pad-to an example lies",
          GST_TYPE_MX_PAD_POSITION, DEFAULT_PAD_POSITION, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (cache_size),
      g_param_spec_uint64 ("cache-size", "Cache size",
          "Bytes of decoded examples kept in memory; the others are decoded "
          "again in each epoch",
          0, G_MAXUINT64, DEFAULT_CACHE_SIZE, CONSTRUCT));
}

static void
install_shards (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (sending.order.shards),
      g_param_spec_uint ("shards", "Shards",
          "Processes that share out each epoch among them, 0 to 1048576 (0 = "
          "as many as mpirun started, else 1: all is sent)",
          0, 1 << 20, DEFAULT_SHARDS, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.order.shard),
      g_param_spec_int ("shard", "Shard",
          "Which of the shards is sent, 0 to shards - 1: every shards-th "
          "example of an epoch from this one on (-1 = the rank that mpirun "
          "gave this process, else 0)",
          -1, (1 << 20) - 1, DEFAULT_SHARD, CONSTRUCT));
}

static void
install_gaps (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (sending.continuity.gap_low),
      g_param_spec_uint64 ("gap-low", "Shortest gap",
          "Smallest length of the gap ahead of a continuous example, in ns (0 "
          "to 60 s)",
          0, GST_MX_LONGEST_GAP, DEFAULT_GAP_LOW, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.continuity.gap_high),
      g_param_spec_uint64 ("gap-high", "Longest gap",
          "Largest length of the gap ahead of a continuous example, in ns (0 "
          "to 60 s)",
          0, GST_MX_LONGEST_GAP, DEFAULT_GAP_HIGH, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.continuity.gap_level_low),
      g_param_spec_double ("gap-level-low", "Lowest gap level",
          "Least power of the noise in gaps, in dB relative to level (-120 to "
          "0; -120: digital silence)",
          GST_MX_SILENCE, 0, DEFAULT_GAP_LEVEL_LOW, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.continuity.gap_level_high),
      g_param_spec_double ("gap-level-high", "Highest gap level",
          "Most power of the noise in gaps, in dB relative to level (-120 to "
          "0; -120: digital silence)",
          GST_MX_SILENCE, 0, DEFAULT_GAP_LEVEL_HIGH, CONSTRUCT));
}

static void
install_levels (GObjectClass *klass)
{
  gst_mx_property_install (klass, MEMBER (sending.mode),
      g_param_spec_enum ("mode", "Mode",
          "Whether examples stand alone or make one stream", GST_TYPE_MX_MODE,
          DEFAULT_MODE, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.continuity.level),
      g_param_spec_double ("level", "Level",
          "RMS that continuous examples are scaled to, in dB of full scale "
          "(-120 to 0; 0: as recorded)",
          GST_MX_SILENCE, 0, DEFAULT_LEVEL, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.continuity.gain_low),
      g_param_spec_double ("gain-low", "Lowest gain",
          "Smallest gain of a continuous example, in dB (-120 to 120)", -120,
          120, DEFAULT_GAIN_LOW, CONSTRUCT));
  gst_mx_property_install (klass, MEMBER (sending.continuity.gain_high),
      g_param_spec_double ("gain-high", "Highest gain",
          "Largest gain of a continuous example, in dB (-120 to 120)", -120,
          120, DEFAULT_GAIN_HIGH, CONSTRUCT));
}

void
gst_mx_dataset_settings_install (GObjectClass *klass)
{
  install_choice (klass);
  install_labelled (klass);
  install_sending (klass);
  install_shards (klass);
  install_gaps (klass);
  install_levels (klass);
  gst_type_mark_as_plugin_api (GST_TYPE_MX_MODE, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_MX_PAD_POSITION, 0);
}
