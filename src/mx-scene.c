/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-scene.h"

bool
mx_scene_stops (MxScene *self, unsigned exit, size_t label)
{
  self->labels[exit - 1] = label;
  return self->left > 0 && exit == self->exit && label == self->label;
}

void
mx_scene_go_on (MxScene *self)
{
  self->left--;
}

void
mx_scene_begin (
    MxScene *self, unsigned exit, unsigned min_exit, unsigned patience)
{
  unsigned first = min_exit > 1 ? min_exit : 1;

  self->label = self->labels[exit - 1];
  self->left = patience;
  /* max-exit may lie before min-exit. */
  self->exit = first < exit ? first : exit;
  while (self->labels[self->exit - 1] != self->label)
    self->exit++;
}

void
mx_scene_end (MxScene *self)
{
  self->left = 0;
}
