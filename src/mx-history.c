/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-history.h"

#include <string.h>

#define SILENCE 1024 /* samples of all channels, heard at a time */

struct _MxHistory {
  MxDescription *description;
  MxFrontend *frontend;
  float *frames; /* [room][features], of which [first, end) are kept */
  size_t room, first, end; /* frames */
  size_t samples;
  float *silence;
};

MxHistory *
mx_history_new (MxDescription *description)
{
  MxHistory *self = g_new0 (MxHistory, 1);

  self->description = mx_description_ref (description);
  self->frontend = mx_frontend_new (&description->frontend);
  self->silence = g_new0 (float, MAX (SILENCE, description->channels));
  return self;
}

void
mx_history_free (MxHistory *self)
{
  if (self == NULL)
    return;
  mx_frontend_free (self->frontend);
  mx_description_unref (self->description);
  g_free (self->frames);
  g_free (self->silence);
  g_free (self);
}

void
mx_history_reset (MxHistory *self)
{
  mx_frontend_reset (self->frontend);
  self->first = self->end = self->samples = 0;
}

static float *
frame_at (const MxHistory *self, size_t frame)
{
  return self->frames +
         (frame - self->first) * self->description->frontend.features;
}

static void
make_room (MxHistory *self, size_t n)
{
  size_t needed = self->end - self->first + n;

  if (needed <= self->room)
    return;
  self->room = MAX (needed, 2 * self->room);
  self->frames = g_realloc_n (self->frames,
      self->room * self->description->frontend.features, sizeof (float));
}

void
mx_history_hear (MxHistory *self, const float *samples, size_t n)
{
  const MxFrontendConfig *config = &self->description->frontend;
  /* One more than can be complete: at the last one it would stop. */
  size_t most = n / mx_frontend_config_hop (config) + 2;
  size_t used = 0, complete = 0;

  make_room (self, most);
  float *to = frame_at (self, self->end);
  while (used < n) {
    size_t taken;

    complete += mx_frontend_process (self->frontend,
        samples + used * config->channels, n - used,
        to + complete * config->features, most - complete, &taken);
    used += taken;
  }
  mx_frontend_flush (self->frontend);
  mx_frontend_normalise (config, to, complete, to);
  self->end += complete;
  self->samples += n;
}

void
mx_history_hear_silence (MxHistory *self, size_t n)
{
  const size_t most = MAX (SILENCE / self->description->channels, 1);

  for (size_t done = 0; done < n; done += MIN (most, n - done))
    mx_history_hear (self, self->silence, MIN (most, n - done));
}

size_t
mx_history_get_samples (const MxHistory *self)
{
  return self->samples;
}

size_t
mx_history_get_frames (const MxHistory *self)
{
  return self->end;
}

const float *
mx_history_get (const MxHistory *self, size_t first)
{
  g_return_val_if_fail (first >= self->first && first <= self->end, NULL);

  return frame_at (self, first);
}

void
mx_history_drop (MxHistory *self, size_t first)
{
  first = CLAMP (first, self->first, self->end);
  memmove (self->frames, frame_at (self, first),
      (self->end - first) * self->description->frontend.features *
          sizeof (float));
  self->first = first;
}
