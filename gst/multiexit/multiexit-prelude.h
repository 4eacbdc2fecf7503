/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* What each public declaration starts with; not for applications. */
#pragma once

#include <gst/gst.h>

#ifndef GST_MULTIEXIT_API
#  ifdef BUILDING_GST_MULTIEXIT
#    define GST_MULTIEXIT_API GST_API_EXPORT
#  else
#    define GST_MULTIEXIT_API GST_API_IMPORT
#  endif
#endif
