/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "config.h"

#include <gst/gst.h>

GST_ELEMENT_REGISTER_DECLARE (mxcalibratesink);
GST_ELEMENT_REGISTER_DECLARE (mxclassify);
GST_ELEMENT_REGISTER_DECLARE (mxdatasetsrc);
GST_ELEMENT_REGISTER_DECLARE (mxevalsink);
GST_ELEMENT_REGISTER_DECLARE (mxmix);
GST_ELEMENT_REGISTER_DECLARE (mxperturb);
GST_ELEMENT_REGISTER_DECLARE (mxquantisesink);
GST_ELEMENT_REGISTER_DECLARE (mxtrainsink);

static gboolean
plugin_init (GstPlugin *plugin)
{
  gboolean all = TRUE;

  all &= GST_ELEMENT_REGISTER (mxcalibratesink, plugin);
  all &= GST_ELEMENT_REGISTER (mxclassify, plugin);
  all &= GST_ELEMENT_REGISTER (mxdatasetsrc, plugin);
  all &= GST_ELEMENT_REGISTER (mxevalsink, plugin);
  all &= GST_ELEMENT_REGISTER (mxmix, plugin);
  all &= GST_ELEMENT_REGISTER (mxperturb, plugin);
  all &= GST_ELEMENT_REGISTER (mxquantisesink, plugin);
  all &= GST_ELEMENT_REGISTER (mxtrainsink, plugin);
  return all;
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, multiexit,
    "Run and train multi-exit neural networks on sensor streams", plugin_init,
    VERSION, GST_LICENSE, GST_PACKAGE_NAME, GST_PACKAGE_ORIGIN)
