/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

#include "mx-description.h"

#include "mx-grid.h"
#include "mx-json-text.h"
#include "mx-tensor-view.h"

#include <string.h>

static void
description_clear (void *data)
{
  MxDescription *self = data;
  g_free (self->name);
  mx_frontend_config_clear (&self->frontend);
  g_strfreev (self->labels);
  g_clear_pointer (&self->program, mx_program_unref);
  g_clear_pointer (&self->json, json_node_unref);
}

MxDescription *
mx_description_ref (MxDescription *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
mx_description_unref (MxDescription *self)
{
  g_atomic_rc_box_release_full (self, description_clear);
}

/* ------------------------------------------------------------ labels */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/* Not by a hash: labels may be made to have all the same. */
static void
check_labels (MxJson *json, char *const *labels)
{
  g_autoptr (GTree) seen = g_tree_new (compare_names);
  guint n = g_strv_length ((char **)labels);
  if (n < 2 || n > MX_MAX_LABELS)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LABELS,
        "labels: found %u, expected 2 to %d", n, MX_MAX_LABELS);
  for (guint i = 0; i < n; i++) {
    g_autofree char *shown = mx_name_to_string (labels[i]);
    if (labels[i][0] == '\0' || !g_utf8_validate (labels[i], -1, NULL))
      mx_json_fail (json, MX_DESCRIPTION_ERROR_LABELS,
          "labels[%u]: empty or not UTF-8", i);
    else if (g_tree_lookup (seen, labels[i]) != NULL)
      mx_json_fail (json, MX_DESCRIPTION_ERROR_LABELS,
          "labels[%u]: \"%s\" stands there twice", i, shown);
    else
      g_tree_insert (seen, labels[i], labels[i]);
  }
}

static char **
read_labels (MxJson *json)
{
  JsonArray *array = mx_json_array (json, "labels", false);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  if (n == 0)
    return NULL;
  char **labels = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element (array, i);
    if (json_node_get_value_type (node) != G_TYPE_STRING) {
      mx_json_fail (json, MX_DESCRIPTION_ERROR_LABELS,
          "labels[%u]: found %s, expected a string", i,
          json_node_type_name (node));
      break;
    }
    labels[i] = json_node_dup_string (node);
  }
  return labels;
}

/* The set of labels `given` must be the set of labels in the text. */
static void
compare_labels (MxJson *json, char *const *labels, const char *const *given)
{
  for (int i = 0; given[i] != NULL; i++) {
    if (g_strv_contains ((const char *const *)labels, given[i]))
      continue;
    g_autofree char *shown = mx_name_to_string (given[i]);
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LABELS,
        "labels: \"%s\" of the data is not among the labels of the model",
        shown);
  }
}

static void
parse_labels (MxDescription *self, MxJson *json, const char *const *given)
{
  self->labels = read_labels (json);
  if (self->labels == NULL && given != NULL)
    self->labels = g_strdupv ((char **)given);
  else if (self->labels != NULL && given != NULL && mx_json_ok (json))
    compare_labels (json, self->labels, given);
  if (self->labels == NULL)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LABELS,
        "labels: none, neither in the description nor from the data");
  else if (mx_json_ok (json))
    check_labels (json, self->labels);
  if (mx_json_ok (json))
    self->n_labels = g_strv_length (self->labels);
}

int
mx_description_find_label (const MxDescription *self, const char *label)
{
  for (size_t i = 0; i < self->n_labels; i++)
    if (strcmp (self->labels[i], label) == 0)
      return i;
  return -1;
}

/* ------------------------------------------------------------- input */

static void
parse_input (MxDescription *self, MxJson *root)
{
  JsonNode *node = mx_json_member (root, "input", true);
  if (node == NULL)
    return;
  MxJson json;
  mx_json_begin (&json, node, "input", root->error);
  self->rate = mx_json_int (&json, "rate", 1, MX_MAX_RATE, 0);
  self->channels = mx_json_int (&json, "channels", 1, MX_MAX_CHANNELS, 0);
  self->window = mx_json_int (&json, "window", 1, MX_MAX_VALUE_FLOATS, 0);
  self->hop =
      mx_json_int (&json, "hop", 1, MX_MAX_VALUE_FLOATS, (gint64)self->window);
  if (self->window > MX_MAX_VALUE_FLOATS / self->channels)
    mx_json_fail (&json, MX_DESCRIPTION_ERROR_LIMIT,
        "window: %zu samples of %zu channels are more than %u floats",
        self->window, self->channels, MX_MAX_VALUE_FLOATS);
  mx_json_end (&json);
}

/* What the window and the front end mean for each other. */
static void
check_window (MxDescription *self, MxJson *json)
{
  size_t hop = mx_frontend_config_hop (&self->frontend);
  size_t frame = mx_frontend_config_frame (&self->frontend);
  self->frames = mx_frontend_config_frames (&self->frontend, self->window);
  if (self->frames == 0)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_SHAPE,
        "input.window: found %zu samples, expected at least the %zu of one "
        "frame of the front end",
        self->window, frame);
  else if (self->hop % hop != 0)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_SHAPE,
        "input.hop: found %zu samples, expected a multiple of the front end's "
        "hop, %zu",
        self->hop, hop);
}

/* ------------------------------------------------------- description */

/* The tree with its labels, for files made of this description. */
static JsonNode *
json_with_labels (JsonNode *root, char *const *labels)
{
  JsonArray *array = json_array_new ();
  for (int i = 0; labels[i] != NULL; i++)
    json_array_add_string_element (array, labels[i]);
  JsonObject *object = json_object_new ();
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;
  json_object_iter_init_ordered (&iter, json_node_get_object (root));
  while (json_object_iter_next_ordered (&iter, &member, &value))
    json_object_set_member (object, member, json_node_ref (value));
  json_object_set_array_member (object, "labels", array);
  JsonNode *node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return node;
}

static void
parse_root (MxDescription *self, MxJson *json, const char *const *labels)
{
  self->name = g_strdup (mx_json_string (json, "name", "unnamed"));
  mx_json_string (json, "comment", "");
  parse_labels (self, json, labels);
  parse_input (self, json);
  if (!mx_json_ok (json))
    return;
  mx_frontend_config_parse (&self->frontend, json, self->rate, self->channels);
  if (mx_json_ok (json))
    check_window (self, json);
  if (!mx_json_ok (json))
    return;
  MxShape input = {self->frames, self->frontend.features};
  if (input.time > MX_MAX_VALUE_FLOATS / input.channels)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_LIMIT,
        "input: %zu frames of %zu features are more than %u floats", input.time,
        input.channels, MX_MAX_VALUE_FLOATS);
  else
    self->program = mx_program_parse (json, input, self->n_labels);
  const char *rule = mx_frontend_config_get_window_rule (&self->frontend);
  if (mx_json_ok (json) && self->program->n_streamed > 0 && rule != NULL)
    mx_json_fail (json, MX_DESCRIPTION_ERROR_MEMBER,
        "streamed: found %zu, expected 0 with the front end's %s, which "
        "differs from window to window",
        self->program->n_streamed, rule);
}

MxDescription *
mx_description_new (const char *text, gssize length, const char *name,
    const char *const *labels, GError **error)
{
  g_autoptr (GError) problem = NULL;
  JsonNode *root = mx_json_parse (text, length, name, error);
  if (root == NULL)
    return NULL;
  MxDescription *self = g_atomic_rc_box_new0 (MxDescription);
  MxJson json;
  mx_json_begin (&json, root, "", &problem);
  parse_root (self, &json, labels);
  if (mx_json_end (&json)) {
    self->json = json_with_labels (root, self->labels);
  } else {
    g_propagate_prefixed_error (
        error, g_steal_pointer (&problem), "%s: ", name);
    g_clear_pointer (&self, mx_description_unref);
  }
  json_node_unref (root);
  return self;
}

char *
mx_description_to_json (const MxDescription *self)
{
  return mx_json_text_write (self->json, false);
}

size_t
mx_description_get_look_ahead (const MxDescription *self, size_t exit)
{
  g_return_val_if_fail (exit >= 1 && exit <= self->program->n_stages, 0);

  return self->program->stages[exit - 1].look_ahead *
         mx_frontend_config_hop (&self->frontend);
}

size_t
mx_description_get_latency (const MxDescription *self)
{
  return self->program->look_ahead * mx_frontend_config_hop (&self->frontend);
}

/* What differs from exit to exit. */
static void
append_exits (const MxDescription *self, GString *text)
{
  const MxProgram *program = self->program;
  size_t hop = self->hop / mx_frontend_config_hop (&self->frontend);

  if (program->n_streamed > 0)
    g_string_append_printf (text, "%zu of %zu stages streamed, ",
        program->n_streamed, program->n_stages);
  g_string_append (text, "millions of MACs to each exit");
  if (program->n_streamed > 0)
    g_string_append_printf (text, ", per hop of %zu samples", self->hop);
  g_string_append_c (text, ':');
  for (size_t s = 1; s <= program->n_stages; s++)
    g_string_append_printf (
        text, " %.3f", mx_grid_macs_per_hop (program, s, hop) / 1e6);
  if (program->n_streamed == 0)
    return;
  g_string_append (text, "; look-ahead of each exit in frames:");
  for (size_t s = 0; s < program->n_stages; s++)
    g_string_append_printf (text, " %zu", program->stages[s].look_ahead);
  g_string_append (text, ", in samples:");
  for (size_t s = 1; s <= program->n_stages; s++)
    g_string_append_printf (
        text, " %zu", mx_description_get_look_ahead (self, s));
}

char *
mx_description_summary (const MxDescription *self)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text,
      "%s: %zu channel%s at %zu Hz, windows of %zu samples, %zu labels, %zu "
      "weights, ",
      self->name, self->channels, self->channels == 1 ? "" : "s", self->rate,
      self->window, self->n_labels, self->program->n_weights);
  append_exits (self, text);
  return g_string_free (text, FALSE);
}
