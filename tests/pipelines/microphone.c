/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Sound sources, as far as there are any without hardware: what they give is
 * heard as it is. */

#include <signal.h>
#include <sys/wait.h>

#include "live.h"
#include "recordings.h"

#define ANSWERS 3

static gchar *folder;

static void
set_up (void)
{
  folder = folder_new ();
}

static void
tear_down (void)
{
  folder_free (folder);
}

static gboolean
is_missing (const gchar *element)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (element);

  if (factory == NULL)
    g_printerr ("skipped: there is no %s\n", element);
  return factory == NULL;
}

static gboolean
is_silence (const Live *self)
{
  for (guint i = 0; i < self->buffers->len; i++) {
    GstBuffer *buffer = self->buffers->pdata[i];

    for (gsize at = 0; at < gst_buffer_get_size (buffer); at++) {
      guint8 byte = 0;

      gst_buffer_extract (buffer, at, &byte, 1);
      if (byte != 0)
        return FALSE;
    }
  }
  return TRUE;
}

static Live *
live_from (const gchar *source)
{
  g_autofree gchar *line = g_strdup_printf (
      "%s ! mxclassify name=listener ! fakesink name=sink", source);

  return live_new (line);
}

static void
assert_heard_as_it_is (Live *live)
{
  assert_untouched (live);
  fail_unless (live->run->results->len >= ANSWERS);
  assert_repeatable (live);
}

/* Whatever autoaudiosrc prefers: here, a tone. */
GST_START_TEST (the_automatic_source_is_heard)
{
  g_autoptr (GstElementFactory) tone =
      gst_element_factory_find ("audiotestsrc");
  g_autoptr (Live) live = NULL;

  if (is_missing ("autoaudiosrc"))
    return;
  gst_plugin_feature_set_rank (
      GST_PLUGIN_FEATURE (tone), GST_RANK_PRIMARY + 1000);
  live = live_from ("autoaudiosrc ! audio/x-raw,rate=16000,channels=2");
  live_start (live);
  await_answers (live, ANSWERS);
  live_end (live);
  assert_heard_as_it_is (live);
  fail_if (is_silence (live));
}
GST_END_TEST;

/* A device that reads a file, and has no clock: it is faster than alsasrc,
 * which drops samples and says so by DISCONT. */
GST_START_TEST (an_alsa_device_is_heard)
{
  g_autofree gchar *sound = sample_path ("digits.wav");
  g_autofree gchar *path = path_in (folder, "alsa.conf");
  g_autofree gchar *text = g_strdup_printf (
      "pcm.nothing { type null }\n"
      "pcm.!default { type file slave.pcm nothing file /dev/null\n"
      " infile \"%s\" format raw }\n",
      sound);
  g_autofree gchar *both =
      g_strdup_printf ("/usr/share/alsa/alsa.conf:%s", path);
  g_autoptr (Live) live = NULL;

  if (is_missing ("alsasrc"))
    return;
  fail_unless (g_file_set_contents (path, text, -1, NULL));
  g_setenv ("ALSA_CONFIG_PATH", both, TRUE);
  live = live_from ("alsasrc ! audio/x-raw,format=S16LE,rate=8000,channels=1");
  live_start (live);
  await_answers (live, ANSWERS);
  live_end (live);
  assert_heard_as_it_is (live);
}
GST_END_TEST;

/* --- a sound server --- */

/* Its loudspeaker is heard by its monitor, the only source.  0: there is none.
 */
static GPid
start_server (const gchar *socket)
{
  g_autofree gchar *program = g_find_program_in_path ("pulseaudio");
  g_autofree gchar *protocol = g_strdup_printf (
      "module-native-protocol-unix socket=%s auth-anonymous=1", socket);
  const gchar *words[] = {program, "-n", "--daemonize=no",
      "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes",
      "--log-target=null", "-L", "module-null-sink", "-L", protocol, NULL};
  g_autoptr (GError) error = NULL;
  GPid pid = 0;

  if (program == NULL) {
    g_printerr ("skipped: there is no pulseaudio\n");
    return 0;
  }
  fail_unless (g_spawn_async (NULL, (gchar **)words, NULL,
                   G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL |
                       G_SPAWN_STDOUT_TO_DEV_NULL,
                   NULL, NULL, &pid, &error),
      "%s", error ? error->message : "");
  while (!g_file_test (socket, G_FILE_TEST_EXISTS)) {
    fail_unless (waitpid (pid, NULL, WNOHANG) == 0, "pulseaudio has ended");
    g_usleep (10000);
  }
  return pid;
}

static void
stop_server (GPid *pid)
{
  if (*pid == 0)
    return;
  kill (*pid, SIGKILL);
  waitpid (*pid, NULL, 0);
  *pid = 0;
}

static void
play_words (void)
{
  g_autofree gchar *sound = sample_path ("digits.wav");
  g_autoptr (Run) run =
      run_pipeline ("filesrc location=\"%s\" ! wavparse ! pulsesink", sound);

  assert_ended (run);
}

GST_START_TEST (a_sound_server_is_heard_until_it_is_gone)
{
  g_autofree gchar *socket = path_in (folder, "native");
  g_autofree gchar *server = g_strconcat ("unix:", socket, NULL);
  g_autoptr (Live) live = NULL;
  GPid pid;

  if (is_missing ("pulsesrc"))
    return;
  g_setenv ("HOME", folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_setenv ("PULSE_SERVER", server, TRUE);
  pid = start_server (socket);
  if (pid == 0)
    return;
  live = live_from ("pulsesrc");
  live_start (live);
  await_answers (live, 1);
  play_words ();
  await_answers (live, ANSWERS);
  stop_server (&pid);
  wait_for_end (live->run, live->pipeline);
  assert_says (live->run->error, "Disconnected");
  live_stop (live);
  assert_untouched (live);
  fail_if (is_silence (live));
}
GST_END_TEST;

static Suite *
microphone_suite (void)
{
  Suite *suite = suite_create ("pipelines-microphone");
  TCase *tcase = tcase_create ("microphone");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, the_automatic_source_is_heard);
  tcase_add_test (tcase, an_alsa_device_is_heard);
  tcase_add_test (tcase, a_sound_server_is_heard_until_it_is_gone);
  return suite;
}

GST_CHECK_MAIN (microphone);
