/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-layers.h"

#include "mx-layer-activation.h"
#include "mx-layer-conv1d.h"
#include "mx-layer-dense.h"
#include "mx-layer-dropout.h"
#include "mx-layer-norm.h"
#include "mx-layer-pool.h"
#include "mx-layer-residual.h"

#include <string.h>

static const MxLayerKind *const kinds[] = {&mx_layer_conv1d,
    &mx_layer_batch_norm, &mx_layer_relu, &mx_layer_gelu, &mx_layer_pool,
    &mx_layer_dense, &mx_layer_dropout, &mx_layer_residual, NULL};

const MxLayerKind *
mx_layers_find (const char *name)
{
  for (size_t i = 0; kinds[i]; i++)
    if (!strcmp (kinds[i]->name, name))
      return kinds[i];
  return NULL;
}

const MxLayerKind *const *
mx_layers_list (void)
{
  return kinds;
}

const char *
mx_layers_names (void)
{
  return "conv1d, batch-norm, relu, gelu, pool, dense, dropout, residual";
}
