/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "gstmxmodel.h"

#include "mx-model-file.h"

#include <gio/gio.h>

#define BUILT_IN "/org/multiexit/models/digits.safetensors"

static MxNetwork *
load_built_in (GError **error)
{
  g_autoptr (GBytes) bytes =
      g_resources_lookup_data (BUILT_IN, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  return bytes != NULL ? mx_model_file_read (bytes, BUILT_IN, error) : NULL;
}

MxNetwork *
gst_mx_model_load (GstElement *element, const gchar *filename)
{
  g_autoptr (GError) error = NULL;
  MxNetwork *network = filename != NULL ? mx_model_file_load (filename, &error)
                                        : load_built_in (&error);

  if (network != NULL)
    return network;
  if (g_error_matches (error, G_RESOURCE_ERROR, G_RESOURCE_ERROR_NOT_FOUND))
    GST_ELEMENT_ERROR (element, RESOURCE, NOT_FOUND,
        ("This build has no built-in model: set the property model-file."),
        ("%s", error->message));
  else if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    GST_ELEMENT_ERROR (element, RESOURCE, NOT_FOUND,
        ("There is no model file \"%s\": set the property model-file to one.",
            filename),
        ("%s", error->message));
  else
    GST_ELEMENT_ERROR (element, RESOURCE, READ,
        ("The model cannot be loaded: %s.", error->message), (NULL));
  return NULL;
}
