/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The gst-multiexit developers */

/* Six channels of motion over sockets, pipes, a terminal and from an
 * application: the results are those of the same bytes in a file. */

#include <errno.h>
#include <gio/gio.h>
#include <gst/app/gstappsrc.h>
#include <gst/check/gsttestclock.h>
#include <pty.h>
#include <unistd.h>

#include "live.h"

#include "recordings.h"

#define FRAME (AXES * sizeof (gfloat))
#define WINDOWS 21
/* The last frame completes the last window: windows of 128, hops of 64. */
#define FRAMES (128 + 64 * (WINDOWS - 1))
#define SIZE (FRAMES * FRAME)

#define CAPS                                                                   \
  "audio/x-raw,format=F32LE,rate=50,channels=6,layout=interleaved,"            \
  "channel-mask=(bitmask)0x0"
#define PARSE " ! rawaudioparse use-sink-caps=true"

static gchar *folder, *model;
static gfloat *motion;
static Run *from_file;

static void
set_up (void)
{
  g_autofree gchar *file = NULL;

  folder = folder_new ();
  model = path_in (g_getenv ("MX_MODELS"), "activity.safetensors");
  motion = new_motion ();
  file = path_in (folder, "motion.raw");
  fail_unless (g_file_set_contents (file, (gchar *)motion, SIZE, NULL));
  from_file = run_pipeline (
      "filesrc location=\"%s\" ! rawaudioparse pcm-format=f32le "
      "sample-rate=50 num-channels=6 ! mxclassify model-file=\"%s\" ! "
      "fakesink name=sink",
      file, model);
  assert_ended (from_file);
  fail_unless_equals_int (from_file->results->len, WINDOWS);
}

static void
tear_down (void)
{
  run_free (from_file);
  g_free (motion);
  g_free (model);
  folder_free (folder);
}

static Live *
live_from (const gchar *source)
{
  g_autofree gchar *line = g_strdup_printf (
      "%s ! mxclassify name=listener model-file=\"%s\" ! fakesink name=sink",
      source, model);

  return live_new (line);
}

static void
assert_all_sent_was_heard (const Live *self)
{
  fail_unless_equals_uint64 (self->run->length, SIZE);
  fail_unless_equals_string (g_checksum_get_string (self->run->checksum),
      g_checksum_get_string (from_file->checksum));
  assert_untouched (self);
}

static void
assert_as_from_file (const Live *self)
{
  assert_all_sent_was_heard (self);
  assert_same_results (self->run->results, from_file->results);
  assert_same_results (self->run->messages, from_file->results);
}

/* --- sockets --- */

static GSocketAddress *
address_of (const Live *self, const gchar *property)
{
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  gint port = 0;

  g_object_get (source, property, &port, NULL);
  fail_unless (port > 0);
  return g_inet_socket_address_new_from_string ("127.0.0.1", (guint)port);
}

static GSocket *
connect_to (const Live *self, const gchar *property, GSocketType type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address = address_of (self, property);
  GSocket *socket = g_socket_new (
      G_SOCKET_FAMILY_IPV4, type, G_SOCKET_PROTOCOL_DEFAULT, &error);

  g_assert_no_error (error);
  fail_unless (g_socket_connect (socket, address, NULL, &error));
  return socket;
}

/* In pieces of that many bytes. */
static void
send_all (GSocket *socket, gsize piece)
{
  const gchar *bytes = (const gchar *)motion;

  for (gsize done = 0; done < SIZE;) {
    gssize sent = g_socket_send (
        socket, bytes + done, MIN (piece, SIZE - done), NULL, NULL);

    fail_unless (sent > 0);
    done += (gsize)sent;
  }
}

/* Ten frames; and a little more, so that frames lie across packets. */
static const gsize packets[] = {10 * FRAME, 10 * FRAME + 7};

GST_START_TEST (packets_are_heard_as_from_a_file)
{
  g_autoptr (Live) live =
      live_from ("udpsrc name=source address=127.0.0.1 port=0 "
                 "do-timestamp=false caps=\"" CAPS "\"" PARSE);
  g_autoptr (GSocket) socket = NULL;

  live_start (live);
  socket = connect_to (live, "port", G_SOCKET_TYPE_DATAGRAM);
  send_all (socket, packets[__i__]);
  await_answers (live, WINDOWS);
  live_end (live);
  assert_as_from_file (live);
}
GST_END_TEST;

/* The sender falls silent and returns: counted times go on. */
GST_START_TEST (a_sender_that_returns_is_heard_again)
{
  g_autoptr (Live) live =
      live_from ("udpsrc name=source address=127.0.0.1 port=0 "
                 "timeout=1000000 do-timestamp=false caps=\"" CAPS "\"" PARSE);
  g_autoptr (GstBus) bus = gst_element_get_bus (live->pipeline);
  const gchar *bytes = (const gchar *)motion;
  gboolean silent = FALSE;

  live_start (live);
  for (gsize done = 0; done < SIZE; done += SIZE / 2) {
    g_autoptr (GSocket) socket =
        connect_to (live, "port", G_SOCKET_TYPE_DATAGRAM);

    fail_unless_equals_int (
        g_socket_send (socket, bytes + done, SIZE / 2, NULL, NULL), SIZE / 2);
    await_bytes (live, SIZE / 2);
    while (!silent) {
      GstMessage *message =
          gst_bus_timed_pop_filtered (bus, PATIENCE, GST_MESSAGE_ELEMENT);

      fail_unless (message != NULL);
      silent = gst_message_has_name (message, "GstUDPSrcTimeout");
      gst_message_unref (message);
    }
  }
  live_end (live);
  assert_all_sent_was_heard (live);
  assert_same_results (live->run->results, from_file->results);
}
GST_END_TEST;

static const gsize pieces[] = {1, FRAME, 1000, SIZE};

GST_START_TEST (a_connection_is_heard_as_from_a_file)
{
  g_autoptr (Live) live = live_from (
      "tcpserversrc name=source host=127.0.0.1 port=0 ! " CAPS PARSE);
  g_autoptr (GSocket) socket = NULL;

  live_start (live);
  socket = connect_to (live, "current-port", G_SOCKET_TYPE_STREAM);
  send_all (socket, pieces[__i__]);
  g_socket_close (socket, NULL);
  wait_for_end (live->run, live->pipeline);
  assert_ended (live->run);
  assert_as_from_file (live);
}
GST_END_TEST;

/* --- bytes --- */

typedef struct {
  gint file;
  gsize piece;
} Writer;

static gpointer
write_all (gpointer user_data)
{
  const Writer *writer = user_data;
  const gchar *bytes = (const gchar *)motion;

  for (gsize done = 0; done < SIZE;) {
    gssize n =
        write (writer->file, bytes + done, MIN (writer->piece, SIZE - done));

    g_assert (n > 0 || errno == EINTR);
    done += n > 0 ? (gsize)n : 0;
  }
  return NULL;
}

static Live *
live_from_file (gint file)
{
  g_autofree gchar *source =
      g_strdup_printf ("fdsrc fd=%d ! " CAPS PARSE, file);

  return live_from (source);
}

GST_START_TEST (a_pipe_is_heard_as_from_a_file)
{
  gint ends[2];
  g_autoptr (Live) live = NULL;
  GThread *thread;

  fail_unless (pipe (ends) == 0);
  live = live_from_file (ends[0]);
  live_start (live);
  thread =
      g_thread_new ("writer", write_all, &(Writer){ends[1], pieces[__i__]});
  g_thread_join (thread);
  close (ends[1]);
  wait_for_end (live->run, live->pipeline);
  assert_ended (live->run);
  assert_as_from_file (live);
  live_stop (live);
  close (ends[0]);
}
GST_END_TEST;

/* To be pulled out is an end, not an error. */
GST_START_TEST (a_serial_line_is_heard_until_it_is_unplugged)
{
  struct termios raw = {.c_cflag = CS8 | CREAD | CLOCAL};
  gint board, line;
  g_autoptr (Live) live = NULL;
  GThread *thread;

  raw.c_cc[VMIN] = 1;
  fail_unless (openpty (&board, &line, NULL, &raw, NULL) == 0);
  live = live_from_file (line);
  live_start (live);
  thread = g_thread_new ("board", write_all, &(Writer){board, pieces[__i__]});
  await_answers (live, WINDOWS);
  g_thread_join (thread);
  close (board);
  wait_for_end (live->run, live->pipeline);
  assert_ended (live->run);
  assert_as_from_file (live);
  live_stop (live);
  close (line);
}
GST_END_TEST;

/* --- an application --- */

/* Frames [from, from + n). */
static void
push_frames (GstElement *source, gsize from, gsize n)
{
  GstBuffer *buffer = gst_buffer_new_memdup (motion + from * AXES, n * FRAME);

  fail_unless_equals_int (
      gst_app_src_push_buffer (GST_APP_SRC (source), buffer), GST_FLOW_OK);
}

#define APPLICATION(timestamps)                                                \
  "appsrc name=source is-live=true format=time do-timestamp=" timestamps       \
  " caps=\"" CAPS "\""

/* Without timestamps the first buffer is at 0, and the samples count. */
GST_START_TEST (an_application_is_heard_as_from_a_file)
{
  g_autoptr (Live) live = live_from (APPLICATION ("false"));
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (live->pipeline), "source");

  live_start (live);
  for (gsize at = 0; at < FRAMES; at += 4)
    push_frames (source, at, 4);
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  wait_for_end (live->run, live->pipeline);
  assert_ended (live->run);
  assert_as_from_file (live);
}
GST_END_TEST;

/* Buffers of four frames, 80 ms, each up to @jitter late; @wait:
 * discont-wait. */
static Live *
arrive (GstClockTime jitter, GstClockTime wait)
{
  Live *live = live_from (APPLICATION ("true"));
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (live->pipeline), "source");
  GstClock *clock = gst_test_clock_new ();
  MxRng rng;

  mx_rng_init (&rng, 9, 0);
  g_object_set (live->listener, "discont-wait", wait, NULL);
  gst_pipeline_use_clock (GST_PIPELINE (live->pipeline), clock);
  live_start (live);
  for (gsize at = 0; at < FRAMES; at += 4) {
    GstClockTime due = (at + 4) * 20 * GST_MSECOND;

    gst_test_clock_set_time (
        GST_TEST_CLOCK (clock), due + mx_rng_below (&rng, jitter + 1));
    push_frames (source, at, 4);
    await_bytes (live, 4 * FRAME);
  }
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  wait_for_end (live->run, live->pipeline);
  assert_ended (live->run);
  assert_all_sent_was_heard (live);
  gst_object_unref (clock);
  return live;
}

GST_START_TEST (jitter_below_the_tolerance_changes_nothing_but_times)
{
  g_autoptr (Live) live = arrive (35 * GST_MSECOND, 0);

  fail_unless_equals_int (live->run->results->len, WINDOWS);
  for (guint i = 0; i < WINDOWS; i++) {
    const GstStructure *result = live->run->results->pdata[i];
    guint64 due = i * 64 * 20 * GST_MSECOND + 80 * GST_MSECOND;

    fail_unless_equals_string (
        label_of (live->run, i), label_of (from_file, i));
    fail_unless (get_uint64 (result, "timestamp") + 1 >= due);
    fail_unless (get_uint64 (result, "timestamp") <= due + 35 * GST_MSECOND);
  }
}
GST_END_TEST;

/* Why the scripts count: the samples are all there, the windows are not. */
GST_START_TEST (jitter_beyond_the_tolerance_ends_recordings)
{
  g_autoptr (Live) live = arrive (75 * GST_MSECOND, 0);
  guint whole = 0;

  for (guint i = 0; i < live->run->results->len; i++)
    whole += get_uint64 (live->run->results->pdata[i], "duration") >=
             2560 * GST_MSECOND;
  fail_unless (whole < WINDOWS);
}
GST_END_TEST;

/* And what else helps: nothing that comes late was lost. */
GST_START_TEST (jitter_beyond_the_tolerance_is_waited_for)
{
  g_autoptr (Live) live = arrive (75 * GST_MSECOND, GST_SECOND);

  fail_unless_equals_int (live->run->results->len, WINDOWS);
  for (guint i = 0; i < WINDOWS; i++)
    fail_unless_equals_string (
        label_of (live->run, i), label_of (from_file, i));
}
GST_END_TEST;

/* A machine without any network may not even have this. */
static gboolean
has_loopback (void)
{
  g_autofree gchar *routes = NULL;

  return !g_file_get_contents ("/proc/net/fib_trie", &routes, NULL, NULL) ||
         strstr (routes, "127.0.0.1") != NULL;
}

static void
add_network_tests (TCase *tcase)
{
  tcase_add_loop_test (
      tcase, packets_are_heard_as_from_a_file, 0, G_N_ELEMENTS (packets));
  tcase_add_test (tcase, a_sender_that_returns_is_heard_again);
  tcase_add_loop_test (
      tcase, a_connection_is_heard_as_from_a_file, 0, G_N_ELEMENTS (pieces));
}

static Suite *
live_suite (void)
{
  Suite *suite = suite_create ("pipelines-live");
  TCase *tcase = tcase_create ("live");

  suite_add_tcase (suite, tcase);
  /* In the process of each test: threads do not survive a fork. */
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  if (has_loopback ())
    add_network_tests (tcase);
  else
    g_printerr ("There is no 127.0.0.1: UDP and TCP are not tested.\n");
  tcase_add_loop_test (
      tcase, a_pipe_is_heard_as_from_a_file, 0, G_N_ELEMENTS (pieces));
  tcase_add_loop_test (tcase, a_serial_line_is_heard_until_it_is_unplugged, 0,
      G_N_ELEMENTS (pieces));
  tcase_add_test (tcase, an_application_is_heard_as_from_a_file);
  tcase_add_test (tcase, jitter_below_the_tolerance_changes_nothing_but_times);
  tcase_add_test (tcase, jitter_beyond_the_tolerance_ends_recordings);
  tcase_add_test (tcase, jitter_beyond_the_tolerance_is_waited_for);
  return suite;
}

GST_CHECK_MAIN (live);
