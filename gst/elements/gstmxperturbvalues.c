/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxperturbvalues.h"

#include <math.h>

/* From this rate on a stream is taken for sound. */
#define SOUND_RATE 4000

#define SETTING_FLAGS                                                          \
  (G_PARAM_READWRITE | GST_PARAM_CONTROLLABLE | GST_PARAM_MUTABLE_PLAYING |    \
      G_PARAM_STATIC_STRINGS)

typedef enum { NUMBER, COUNT, TIME, SWITCH } Kind;

/* A value of MxPerturbation as a property; times are seconds there and
 * nanoseconds here. */
typedef struct {
  const gchar *name, *nick, *blurb;
  gsize offset;
  Kind kind;
  gdouble minimum, maximum;
} Setting;

#define VALUE(field) G_STRUCT_OFFSET (MxPerturbation, field)
#define PROBABILITY(name, nick, what, field)                                   \
  {                                                                            \
    name, nick, "Probability (0 to 1) of " what, VALUE (field), NUMBER, 0, 1   \
  }

/* The order of application is that of mx_perturb_apply(). */
static const Setting settings[] = {
    {"strength", "Strength",
        "Scales all ranges towards no change (0: nothing is changed, 1: as "
        "they are)",
        VALUE (strength), NUMBER, 0, 1},
    PROBABILITY ("speed-probability", "Speed probability", "a change of speed",
        speed_probability),
    {"speed-low", "Lowest speed factor",
        "Smallest factor of the duration (0.1 to 10; 1: no change)",
        VALUE (speed_low), NUMBER, 0.1, 10},
    {"speed-high", "Highest speed factor",
        "Largest factor of the duration (0.1 to 10; 1: no change)",
        VALUE (speed_high), NUMBER, 0.1, 10},
    PROBABILITY ("warp-probability", "Warp probability",
        "a speed that varies over time, the ends staying where they are",
        warp_probability),
    {"warp-low", "Lowest warp speed",
        "Smallest local speed (0.1 to 10; 1: no change)", VALUE (warp_low),
        NUMBER, 0.1, 10},
    {"warp-high", "Highest warp speed",
        "Largest local speed (0.1 to 10; 1: no change)", VALUE (warp_high),
        NUMBER, 0.1, 10},
    PROBABILITY ("shift-probability", "Shift probability", "a shift in time",
        shift_probability),
    {"shift-low", "Earliest shift",
        "Smallest shift in nanoseconds (negative: earlier), limited so that "
        "what is not digital silence stays inside",
        VALUE (shift_low), TIME, -3600, 3600},
    {"shift-high", "Latest shift",
        "Largest shift in nanoseconds (negative: earlier), limited so that "
        "what is not digital silence stays inside",
        VALUE (shift_high), TIME, -3600, 3600},
    {"shift-circular", "Circular shift",
        "What leaves at one end enters at the other", VALUE (shift_circular),
        SWITCH, 0, 1},
    PROBABILITY ("rotation-probability", "Rotation probability",
        "a rotation common to all groups of three channels",
        rotation_probability),
    {"rotation", "Rotation",
        "Largest angle, in degrees (0 to 180), about a random axis",
        VALUE (rotation), NUMBER, 0, 180},
    PROBABILITY ("channel-shift-probability", "Channel shift probability",
        "all channels moving around their ring", channel_shift_probability),
    {"channel-shift", "Channel shift",
        "Largest number of channels (0 to 1024; half of them at most) by which "
        "they move, in either direction: an armband put on turned",
        VALUE (channel_shift), COUNT, 0, 1024},
    PROBABILITY ("channel-gain-probability", "Channel gain probability",
        "a gain of its own for each channel", channel_gain_probability),
    {"channel-gain-low", "Lowest channel gain",
        "Smallest factor of a channel (0 to 10), about its rest",
        VALUE (channel_gain_low), NUMBER, 0, 10},
    {"channel-gain-high", "Highest channel gain",
        "Largest factor of a channel (0 to 10), about its rest",
        VALUE (channel_gain_high), NUMBER, 0, 10},
    PROBABILITY ("gain-probability", "Gain probability",
        "a gain common to all channels", gain_probability),
    {"gain-low", "Lowest gain", "Smallest gain in dB (-120 to 120)",
        VALUE (gain_low), NUMBER, -120, 120},
    {"gain-high", "Highest gain", "Largest gain in dB (-120 to 120)",
        VALUE (gain_high), NUMBER, -120, 120},
    PROBABILITY ("noise-probability", "Noise probability", "added noise",
        noise_probability),
    {"snr-low", "Lowest signal-to-noise ratio",
        "Smallest ratio of signal to noise in dB (-120 to 120)",
        VALUE (noise_low), NUMBER, -120, 120},
    {"snr-high", "Highest signal-to-noise ratio",
        "Largest ratio of signal to noise in dB (-120 to 120)",
        VALUE (noise_high), NUMBER, -120, 120},
    {"noise-white", "White noise", "Weight (0 to 1) of white noise",
        VALUE (noise_white), NUMBER, 0, 1},
    {"noise-pink", "Pink noise", "Weight (0 to 1) of pink noise",
        VALUE (noise_pink), NUMBER, 0, 1},
    {"noise-brown", "Brown noise", "Weight (0 to 1) of brown noise",
        VALUE (noise_brown), NUMBER, 0, 1},
    PROBABILITY ("mask-probability", "Mask probability",
        "one stretch of time set to rest", mask_probability),
    {"mask-low", "Shortest mask", "Smallest length of the mask in nanoseconds",
        VALUE (mask_low), TIME, 0, 3600},
    {"mask-high", "Longest mask", "Largest length of the mask in nanoseconds",
        VALUE (mask_high), TIME, 0, 3600},
    PROBABILITY ("drop-probability", "Drop probability",
        "each channel being set to rest; one always stays", drop_probability),
    PROBABILITY ("clip-probability", "Clip probability",
        "clipping each channel below its peak", clip_probability),
    {"clip-low", "Least clipping",
        "Smallest distance in dB (0 to 120) from the peak down to where it is "
        "clipped",
        VALUE (clip_low), NUMBER, 0, 120},
    {"clip-high", "Most clipping",
        "Largest distance in dB (0 to 120) from the peak down to where it is "
        "clipped",
        VALUE (clip_high), NUMBER, 0, 120},
    PROBABILITY ("flip-probability", "Flip probability",
        "all channels changing their sign, about their rest", flip_probability),
    PROBABILITY ("channel-flip-probability", "Channel flip probability",
        "each channel changing its sign, about its rest",
        channel_flip_probability),
    PROBABILITY ("wander-probability", "Wander probability",
        "a baseline that wanders", wander_probability),
    {"wander", "Wander",
        "Largest amplitude of a sine of 0.1 to 0.7 Hz, with a straight line of "
        "up to 0.6 of it, in standard deviations of the channel (0 to 1000)",
        VALUE (wander), NUMBER, 0, 1000},
    PROBABILITY ("hum-probability", "Hum probability", "hum", hum_probability),
    {"hum", "Hum",
        "Largest amplitude of a sine of 50 or 60 Hz, in standard deviations of "
        "the channel (0 to 1000)",
        VALUE (hum), NUMBER, 0, 1000},
    PROBABILITY ("motion-probability", "Motion probability",
        "noise of moving electrodes", motion_probability),
    {"motion", "Motion",
        "Largest standard deviation of straight lines between 16 random knots "
        "a second, in standard deviations of the channel (0 to 1000)",
        VALUE (motion), NUMBER, 0, 1000},
};

G_STATIC_ASSERT (G_N_ELEMENTS (settings) <= 64);

G_DEFINE_ENUM_TYPE (GstMxRecipe, gst_mx_recipe,
    {GST_MX_RECIPE_AUTO, "Speech from 4000 Hz on, motion below", "auto"},
    {GST_MX_RECIPE_NONE, "Only what is set by hand", "none"},
    {GST_MX_RECIPE_SPEECH, "Short recordings of speech", "speech"},
    {GST_MX_RECIPE_MOTION, "Motion sensors of three axes each", "motion"},
    {GST_MX_RECIPE_ECG, "Electrocardiogram, one beat in each example", "ecg"},
    {GST_MX_RECIPE_EMG, "Muscle activity, electrodes around a limb", "emg"})

static MxPerturbation
recipe_values (GstMxRecipe recipe, guint rate)
{
  static const struct {
    GstMxRecipe recipe;
    void (*init) (MxPerturbation *perturbation);
  } recipes[] = {
      {GST_MX_RECIPE_SPEECH, mx_perturbation_init_speech},
      {GST_MX_RECIPE_MOTION, mx_perturbation_init_motion},
      {GST_MX_RECIPE_ECG, mx_perturbation_init_ecg},
      {GST_MX_RECIPE_EMG, mx_perturbation_init_emg},
  };
  MxPerturbation values;

  if (recipe == GST_MX_RECIPE_AUTO)
    recipe = rate == 0 || rate >= SOUND_RATE ? GST_MX_RECIPE_SPEECH
                                             : GST_MX_RECIPE_MOTION;
  mx_perturbation_init (&values);
  for (guint i = 0; i < G_N_ELEMENTS (recipes); i++)
    if (recipes[i].recipe == recipe)
      recipes[i].init (&values);
  return values;
}

static gdouble
read_setting (const Setting *setting, const MxPerturbation *values)
{
  gconstpointer value = G_STRUCT_MEMBER_P (values, setting->offset);

  if (setting->kind == SWITCH)
    return *(const bool *)value;
  return *(const double *)value;
}

static void
write_setting (const Setting *setting, MxPerturbation *values, gdouble number)
{
  gpointer value = G_STRUCT_MEMBER_P (values, setting->offset);

  if (setting->kind == SWITCH)
    *(bool *)value = number != 0.0;
  else
    *(double *)value = number;
}

static gint64
nanoseconds (gdouble seconds)
{
  return (gint64)round (seconds * GST_SECOND);
}

static GParamSpec *
setting_pspec (const Setting *setting, gdouble initial)
{
  switch (setting->kind) {
  case TIME:
    return g_param_spec_int64 (setting->name, setting->nick, setting->blurb,
        nanoseconds (setting->minimum), nanoseconds (setting->maximum),
        nanoseconds (initial), SETTING_FLAGS);
  case COUNT:
    return g_param_spec_uint (setting->name, setting->nick, setting->blurb,
        (guint)setting->minimum, (guint)setting->maximum, (guint)initial,
        SETTING_FLAGS);
  case SWITCH:
    return g_param_spec_boolean (setting->name, setting->nick, setting->blurb,
        initial != 0.0, SETTING_FLAGS);
  case NUMBER:
  default:
    return g_param_spec_double (setting->name, setting->nick, setting->blurb,
        setting->minimum, setting->maximum, initial, SETTING_FLAGS);
  }
}

void
gst_mx_perturb_values_install (
    GObjectClass *klass, guint first, GstMxRecipe recipe)
{
  MxPerturbation initial = recipe_values (recipe, 0);

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    g_object_class_install_property (klass, first + i,
        setting_pspec (&settings[i], read_setting (&settings[i], &initial)));
}

static gdouble
number_from_value (const Setting *setting, const GValue *value)
{
  switch (setting->kind) {
  case TIME:
    return (gdouble)g_value_get_int64 (value) / GST_SECOND;
  case COUNT:
    return g_value_get_uint (value);
  case SWITCH:
    return g_value_get_boolean (value);
  case NUMBER:
  default:
    return g_value_get_double (value);
  }
}

static void
number_to_value (const Setting *setting, gdouble number, GValue *value)
{
  switch (setting->kind) {
  case TIME:
    g_value_set_int64 (value, nanoseconds (number));
    break;
  case COUNT:
    g_value_set_uint (value, (guint)number);
    break;
  case SWITCH:
    g_value_set_boolean (value, number != 0.0);
    break;
  case NUMBER:
    g_value_set_double (value, number);
    break;
  }
}

void
gst_mx_perturb_values_set (
    GstMxPerturbValues *self, guint index, const GValue *value)
{
  const Setting *setting = settings + index;

  g_return_if_fail (index < G_N_ELEMENTS (settings));

  self->set |= G_GUINT64_CONSTANT (1) << index;
  write_setting (setting, &self->values, number_from_value (setting, value));
}

void
gst_mx_perturb_values_get (
    const GstMxPerturbValues *self, guint index, guint rate, GValue *value)
{
  MxPerturbation values = gst_mx_perturb_values_resolve (self, rate);
  const Setting *setting = settings + index;

  g_return_if_fail (index < G_N_ELEMENTS (settings));

  number_to_value (setting, read_setting (setting, &values), value);
}

MxPerturbation
gst_mx_perturb_values_resolve (const GstMxPerturbValues *self, guint rate)
{
  MxPerturbation values = recipe_values (self->recipe, rate);

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    if (self->set >> i & 1)
      write_setting (
          &settings[i], &values, read_setting (&settings[i], &self->values));
  }
  return values;
}
