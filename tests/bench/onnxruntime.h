/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* ONNX Runtime as a peer, where its C library is found when the benchmark runs:
 * in the file that MX_ONNXRUNTIME names, or as libonnxruntime.so.1.  Nothing of
 * it is needed to build.  One thread, all graph optimisations. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct _OnnxRuntime OnnxRuntime;
typedef struct _OnnxGraph OnnxGraph;

/* NULL: there is none. */
OnnxRuntime *onnxruntime_open (void);
const char *onnxruntime_version (const OnnxRuntime *self);

/* @input: [channels][1][time], borrowed, read at each run.  @outputs: how many
 * of [classes] the graph has, named exit1 ...; the first one is called
 * exit<first>.  NULL: the file is not there; other errors end the program. */
OnnxGraph *onnx_graph_new (OnnxRuntime *runtime, const char *path, float *input,
    size_t channels, size_t time, size_t first, size_t outputs, size_t classes);
void onnx_graph_run (OnnxGraph *self);
/* [outputs][classes], of the last run. */
const float *onnx_graph_get_output (const OnnxGraph *self);
