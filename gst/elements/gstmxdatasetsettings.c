/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxdatasetsettings.h"

#define DEFAULT_EPOCHS 1
#define DEFAULT_SHUFFLE FALSE
#define DEFAULT_SEED 0
#define DEFAULT_LABELLED_FRACTION 1.0
#define DEFAULT_START_INDEX 0
#define DEFAULT_STOP_INDEX -1
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

enum {
  PROP_0,
  PROP_LOCATION,
  PROP_SPLIT,
  PROP_SUBJECTS,
  PROP_EXCLUDE_SUBJECTS,
  PROP_LABELS,
  PROP_EPOCHS,
  PROP_SHUFFLE,
  PROP_SEED,
  PROP_LABELLED_FRACTION,
  PROP_START_INDEX,
  PROP_STOP_INDEX,
  PROP_PAD_TO,
  PROP_PAD_POSITION,
  PROP_CACHE_SIZE,
  PROP_MODE,
  PROP_GAP_LOW,
  PROP_GAP_HIGH,
  PROP_GAP_LEVEL_LOW,
  PROP_GAP_LEVEL_HIGH,
  PROP_LEVEL,
  PROP_GAIN_LOW,
  PROP_GAIN_HIGH,
};

const guint gst_mx_dataset_settings_labels_id = PROP_LABELS;

#define GST_TYPE_MX_PAD_POSITION (gst_mx_pad_position_get_type ())
static GType
gst_mx_pad_position_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
      {GST_MX_PAD_POSITION_RANDOM,
          "At a place drawn from seed, epoch and index of the example",
          "random"},
      {GST_MX_PAD_POSITION_CENTRE, "In the middle", "centre"},
      {0, NULL, NULL},
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (
        &type, g_enum_register_static ("GstMxPadPosition", values));
  return type;
}

#define GST_TYPE_MX_MODE (gst_mx_mode_get_type ())
static GType
gst_mx_mode_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
      {GST_MX_MODE_ISOLATED, "Each example begins with DISCONT, on its own",
          "isolated"},
      {GST_MX_MODE_CONTINUOUS,
          "Examples follow each other with gaps between them, as one stream",
          "continuous"},
      {0, NULL, NULL},
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstMxMode", values));
  return type;
}

/* Where the texts are; NULL: `id` is no text. */
static gchar **
text_of (GstMxDatasetSettings *settings, guint id)
{
  switch (id) {
  case PROP_LOCATION:
    return &settings->location;
  case PROP_SPLIT:
    return &settings->choice.splits;
  case PROP_SUBJECTS:
    return &settings->choice.subjects;
  case PROP_EXCLUDE_SUBJECTS:
    return &settings->choice.exclude_subjects;
  case PROP_LABELS:
    return &settings->choice.labels;
  default:
    return NULL;
  }
}

/* Likewise the times. */
static guint64 *
time_of (GstMxDatasetSettings *settings, guint id)
{
  switch (id) {
  case PROP_PAD_TO:
    return &settings->sending.pad_to;
  case PROP_GAP_LOW:
    return &settings->sending.continuity.gap_low;
  case PROP_GAP_HIGH:
    return &settings->sending.continuity.gap_high;
  default:
    return NULL;
  }
}

/* Likewise the decibels. */
static gdouble *
level_of (GstMxDatasetSettings *settings, guint id)
{
  GstMxContinuity *continuity = &settings->sending.continuity;

  switch (id) {
  case PROP_GAP_LEVEL_LOW:
    return &continuity->gap_level_low;
  case PROP_GAP_LEVEL_HIGH:
    return &continuity->gap_level_high;
  case PROP_LEVEL:
    return &continuity->level;
  case PROP_GAIN_LOW:
    return &continuity->gain_low;
  case PROP_GAIN_HIGH:
    return &continuity->gain_high;
  default:
    return NULL;
  }
}

static void
set_text (gchar **text, const GValue *value)
{
  g_free (*text);
  *text = g_value_dup_string (value);
}

void
gst_mx_dataset_settings_set (
    GstMxDatasetSettings *settings, guint id, const GValue *value)
{
  gchar **text = text_of (settings, id);
  guint64 *time = time_of (settings, id);
  gdouble *level = level_of (settings, id);

  switch (id) {
  case PROP_EPOCHS:
    settings->sending.epochs = g_value_get_int (value);
    break;
  case PROP_SHUFFLE:
    settings->sending.shuffle = g_value_get_boolean (value);
    break;
  case PROP_SEED:
    settings->sending.seed = settings->choice.seed = g_value_get_uint64 (value);
    break;
  case PROP_LABELLED_FRACTION:
    settings->choice.labelled_fraction = g_value_get_double (value);
    break;
  case PROP_START_INDEX:
    settings->choice.start = g_value_get_int64 (value);
    break;
  case PROP_STOP_INDEX:
    settings->choice.stop = g_value_get_int64 (value);
    break;
  case PROP_MODE:
    settings->sending.mode = g_value_get_enum (value);
    break;
  case PROP_PAD_POSITION:
    settings->sending.pad_position = g_value_get_enum (value);
    break;
  case PROP_CACHE_SIZE:
    settings->cache_size = g_value_get_uint64 (value);
    break;
  default:
    g_return_if_fail (text || time || level);
    if (text)
      set_text (text, value);
    else if (time)
      *time = g_value_get_uint64 (value);
    else
      *level = g_value_get_double (value);
    break;
  }
}

void
gst_mx_dataset_settings_get (
    const GstMxDatasetSettings *settings, guint id, GValue *value)
{
  gchar **text = text_of ((GstMxDatasetSettings *)settings, id);
  guint64 *time = time_of ((GstMxDatasetSettings *)settings, id);
  gdouble *level = level_of ((GstMxDatasetSettings *)settings, id);

  switch (id) {
  case PROP_EPOCHS:
    g_value_set_int (value, settings->sending.epochs);
    break;
  case PROP_SHUFFLE:
    g_value_set_boolean (value, settings->sending.shuffle);
    break;
  case PROP_SEED:
    g_value_set_uint64 (value, settings->sending.seed);
    break;
  case PROP_LABELLED_FRACTION:
    g_value_set_double (value, settings->choice.labelled_fraction);
    break;
  case PROP_START_INDEX:
    g_value_set_int64 (value, settings->choice.start);
    break;
  case PROP_STOP_INDEX:
    g_value_set_int64 (value, settings->choice.stop);
    break;
  case PROP_MODE:
    g_value_set_enum (value, settings->sending.mode);
    break;
  case PROP_PAD_POSITION:
    g_value_set_enum (value, settings->sending.pad_position);
    break;
  case PROP_CACHE_SIZE:
    g_value_set_uint64 (value, settings->cache_size);
    break;
  default:
    g_return_if_fail (text || time || level);
    if (text)
      g_value_set_string (value, *text);
    else if (time)
      g_value_set_uint64 (value, *time);
    else
      g_value_set_double (value, *level);
    break;
  }
}

void
gst_mx_dataset_settings_copy (
    const GstMxDatasetSettings *settings, GstMxDatasetSettings *to)
{
  *to = *settings;
  for (guint id = PROP_LOCATION; id <= PROP_LABELS; id++)
    *text_of (to, id) = g_strdup (*text_of (to, id));
}

void
gst_mx_dataset_settings_clear (GstMxDatasetSettings *settings)
{
  for (guint id = PROP_LOCATION; id <= PROP_LABELS; id++)
    g_clear_pointer (text_of (settings, id), g_free);
}

#define FLAGS                                                                  \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define CONSTRUCT (FLAGS | G_PARAM_CONSTRUCT)

static void
install_choice (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_LOCATION,
      g_param_spec_string ("location", "Location",
          "Data set: a folder [split/]label/file, a folder that holds a "
          "manifest.csv, or a manifest with the columns path and label",
          NULL, FLAGS));
  g_object_class_install_property (klass, PROP_SPLIT,
      g_param_spec_string ("split", "Split",
          "Only these splits, comma-separated (NULL = all)", NULL, FLAGS));
  g_object_class_install_property (klass, PROP_SUBJECTS,
      g_param_spec_string ("subjects", "Subjects",
          "Only these subjects, comma-separated (NULL = all)", NULL, FLAGS));
  g_object_class_install_property (klass, PROP_EXCLUDE_SUBJECTS,
      g_param_spec_string ("exclude-subjects", "Exclude subjects",
          "All but these subjects, comma-separated (NULL = none)", NULL,
          FLAGS));
  g_object_class_install_property (klass, PROP_LABELS,
      g_param_spec_string ("labels", "Labels",
          "Class order, comma-separated (NULL = all labels of the data set, "
          "sorted); while running, the order in use",
          NULL, FLAGS));
  g_object_class_install_property (klass, PROP_LABELLED_FRACTION,
      g_param_spec_double ("labelled-fraction", "Labelled fraction",
          "Part of each class that is sent with its label, 0 to 1; the rest is "
          "sent unlabelled",
          0.0, 1.0, DEFAULT_LABELLED_FRACTION, CONSTRUCT));
  g_object_class_install_property (klass, PROP_START_INDEX,
      g_param_spec_int64 ("start-index", "Start index",
          "First example sent, counted from 0 in what splits and subjects "
          "leave",
          0, G_MAXINT64, DEFAULT_START_INDEX, CONSTRUCT));
  g_object_class_install_property (klass, PROP_STOP_INDEX,
      g_param_spec_int64 ("stop-index", "Stop index",
          "First example not sent any more, counted like start-index (-1 = to "
          "the end)",
          -1, G_MAXINT64, DEFAULT_STOP_INDEX, CONSTRUCT));
}

static void
install_sending (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_EPOCHS,
      g_param_spec_int ("epochs", "Epochs",
          "How many times each example is sent (-1 = for ever)", -1, G_MAXINT,
          DEFAULT_EPOCHS, CONSTRUCT));
  g_object_class_install_property (klass, PROP_SHUFFLE,
      g_param_spec_boolean ("shuffle", "Shuffle",
          "Another random order in each epoch", DEFAULT_SHUFFLE, CONSTRUCT));
  g_object_class_install_property (klass, PROP_SEED,
      g_param_spec_uint64 ("seed", "Seed",
          "Source of all chance: equal seeds send equal bytes", 0, G_MAXUINT64,
          DEFAULT_SEED, CONSTRUCT));
  g_object_class_install_property (klass, PROP_PAD_TO,
      g_param_spec_uint64 ("pad-to", "Pad to",
          "Shorter examples are laid into so much digital silence, in ns (0 = "
          "they stay as they are); isolated examples only",
          0, GST_SECOND * 3600, DEFAULT_PAD_TO, CONSTRUCT));
  g_object_class_install_property (klass, PROP_PAD_POSITION,
      g_param_spec_enum ("pad-position", "Pad position",
          "Where in the silence of pad-to an example lies",
          GST_TYPE_MX_PAD_POSITION, DEFAULT_PAD_POSITION, CONSTRUCT));
  g_object_class_install_property (klass, PROP_CACHE_SIZE,
      g_param_spec_uint64 ("cache-size", "Cache size",
          "Bytes of decoded examples kept in memory; the others are decoded "
          "again in each epoch",
          0, G_MAXUINT64, DEFAULT_CACHE_SIZE, CONSTRUCT));
}

static void
install_gaps (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_GAP_LOW,
      g_param_spec_uint64 ("gap-low", "Shortest gap",
          "Smallest length of the gap ahead of a continuous example, in ns (0 "
          "to 60 s)",
          0, GST_MX_LONGEST_GAP, DEFAULT_GAP_LOW, CONSTRUCT));
  g_object_class_install_property (klass, PROP_GAP_HIGH,
      g_param_spec_uint64 ("gap-high", "Longest gap",
          "Largest length of the gap ahead of a continuous example, in ns (0 "
          "to 60 s)",
          0, GST_MX_LONGEST_GAP, DEFAULT_GAP_HIGH, CONSTRUCT));
  g_object_class_install_property (klass, PROP_GAP_LEVEL_LOW,
      g_param_spec_double ("gap-level-low", "Lowest gap level",
          "Least power of the noise in gaps, in dB relative to level (-120 to "
          "0; -120: digital silence)",
          GST_MX_SILENCE, 0, DEFAULT_GAP_LEVEL_LOW, CONSTRUCT));
  g_object_class_install_property (klass, PROP_GAP_LEVEL_HIGH,
      g_param_spec_double ("gap-level-high", "Highest gap level",
          "Most power of the noise in gaps, in dB relative to level (-120 to "
          "0; -120: digital silence)",
          GST_MX_SILENCE, 0, DEFAULT_GAP_LEVEL_HIGH, CONSTRUCT));
}

static void
install_levels (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_MODE,
      g_param_spec_enum ("mode", "Mode",
          "Whether examples stand alone or make one stream", GST_TYPE_MX_MODE,
          DEFAULT_MODE, CONSTRUCT));
  g_object_class_install_property (klass, PROP_LEVEL,
      g_param_spec_double ("level", "Level",
          "RMS that continuous examples are scaled to, in dB of full scale "
          "(-120 to 0; 0: as recorded)",
          GST_MX_SILENCE, 0, DEFAULT_LEVEL, CONSTRUCT));
  g_object_class_install_property (klass, PROP_GAIN_LOW,
      g_param_spec_double ("gain-low", "Lowest gain",
          "Smallest gain of a continuous example, in dB (-120 to 120)", -120,
          120, DEFAULT_GAIN_LOW, CONSTRUCT));
  g_object_class_install_property (klass, PROP_GAIN_HIGH,
      g_param_spec_double ("gain-high", "Highest gain",
          "Largest gain of a continuous example, in dB (-120 to 120)", -120,
          120, DEFAULT_GAIN_HIGH, CONSTRUCT));
}

void
gst_mx_dataset_settings_install (GObjectClass *klass)
{
  install_choice (klass);
  install_sending (klass);
  install_gaps (klass);
  install_levels (klass);
  gst_type_mark_as_plugin_api (GST_TYPE_MX_MODE, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_MX_PAD_POSITION, 0);
}
