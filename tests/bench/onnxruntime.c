/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "onnxruntime.h"

#include <dlfcn.h>
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Of the library's table of functions, which only ever grows at its end, those
 * that are called here; the others keep their places. */
typedef struct {
  void *before_message[2];
  const char *(*get_error_message) (const void *status);
  void *(*create_env) (int log_level, const char *name, void **env);
  void *before_session[3];
  void *(*create_session) (
      void *env, const char *path, void *options, void **session);
  void *before_run;
  void *(*run) (void *session, const void *options,
      const char *const *input_names, const void *const *inputs, size_t n_in,
      const char *const *output_names, size_t n_out, void **outputs);
  void *(*create_session_options) (void **options);
  void *before_optimisation[12];
  void *(*set_optimisation) (void *options, int level);
  void *(*set_intra_op_threads) (void *options, int n);
  void *(*set_inter_op_threads) (void *options, int n);
  void *before_tensor[23];
  void *(*create_tensor) (const void *memory_info, void *data, size_t size,
      const int64_t *shape, size_t dimensions, int type, void **value);
  void *before_memory_info[19];
  void *(*create_cpu_memory_info) (int allocator, int type, void **info);
} Api;
G_STATIC_ASSERT (G_STRUCT_OFFSET (Api, run) == 9 * sizeof (void *));
G_STATIC_ASSERT (G_STRUCT_OFFSET (Api, create_tensor) == 49 * sizeof (void *));
G_STATIC_ASSERT (
    G_STRUCT_OFFSET (Api, create_cpu_memory_info) == 69 * sizeof (void *));

typedef struct {
  const Api *(*get_api) (uint32_t version);
  const char *(*get_version_string) (void);
} ApiBase;

enum { LOG_ERROR = 3, OPTIMISE_ALL = 99, ARENA = 1, FLOAT = 1 };

struct _OnnxRuntime {
  const ApiBase *base;
  const Api *api;
  void *env, *memory_info;
};

#define MAX_OUTPUTS 4

struct _OnnxGraph {
  const Api *api;
  void *session, *input;
  size_t n_outputs;
  char *names[MAX_OUTPUTS];
  void *outputs[MAX_OUTPUTS];
  float *output;
};

static void
check (const Api *api, void *status)
{
  if (status != NULL) {
    fprintf (stderr, "ONNX Runtime: %s\n", api->get_error_message (status));
    exit (EXIT_FAILURE);
  }
}

OnnxRuntime *
onnxruntime_open (void)
{
  const char *path = g_getenv ("MX_ONNXRUNTIME");
  void *library = dlopen (path ? path : "libonnxruntime.so.1", RTLD_NOW);
  const ApiBase *(*get_base) (void);
  OnnxRuntime *self;

  if (library == NULL) {
    if (path != NULL)
      fprintf (stderr, "%s\n", dlerror ());
    return NULL;
  }
  *(void **)&get_base = dlsym (library, "OrtGetApiBase");
  if (get_base == NULL)
    return NULL;
  self = g_new0 (OnnxRuntime, 1);
  self->base = get_base ();
  self->api = self->base->get_api (1);
  check (self->api, self->api->create_env (LOG_ERROR, "bench", &self->env));
  check (self->api,
      self->api->create_cpu_memory_info (ARENA, 0, &self->memory_info));
  return self;
}

const char *
onnxruntime_version (const OnnxRuntime *self)
{
  return self->base->get_version_string ();
}

static void *
make_session (OnnxRuntime *runtime, const char *path)
{
  const Api *api = runtime->api;
  void *options, *session;

  check (api, api->create_session_options (&options));
  check (api, api->set_optimisation (options, OPTIMISE_ALL));
  check (api, api->set_intra_op_threads (options, 1));
  check (api, api->set_inter_op_threads (options, 1));
  check (api, api->create_session (runtime->env, path, options, &session));
  return session;
}

static void *
make_tensor (OnnxRuntime *runtime, float *data, const int64_t *shape, size_t n)
{
  size_t size = sizeof *data;
  void *tensor;

  for (size_t i = 0; i < n; i++)
    size *= (size_t)shape[i];
  check (runtime->api, runtime->api->create_tensor (runtime->memory_info, data,
                           size, shape, n, FLOAT, &tensor));
  return tensor;
}

OnnxGraph *
onnx_graph_new (OnnxRuntime *runtime, const char *path, float *input,
    size_t channels, size_t time, size_t first, size_t outputs, size_t classes)
{
  const int64_t in_shape[] = {1, (int64_t)channels, 1, (int64_t)time};
  const int64_t out_shape[] = {1, (int64_t)classes};
  OnnxGraph *self;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  g_return_val_if_fail (outputs <= MAX_OUTPUTS, NULL);
  self = g_new0 (OnnxGraph, 1);
  self->api = runtime->api;
  self->session = make_session (runtime, path);
  self->input = make_tensor (runtime, input, in_shape, 4);
  self->n_outputs = outputs;
  self->output = g_new0 (float, outputs *classes);
  for (size_t i = 0; i < outputs; i++) {
    self->names[i] = g_strdup_printf ("exit%zu", first + i);
    self->outputs[i] =
        make_tensor (runtime, self->output + i * classes, out_shape, 2);
  }
  return self;
}

void
onnx_graph_run (OnnxGraph *self)
{
  static const char *const input_name[] = {"input"};
  const void *const inputs[] = {self->input};

  check (self->api,
      self->api->run (self->session, NULL, input_name, inputs, 1,
          (const char *const *)self->names, self->n_outputs, self->outputs));
}

const float *
onnx_graph_get_output (const OnnxGraph *self)
{
  return self->output;
}
