# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""gst-multiexit-report-1.0 and pipelines/curves.sh: pages of reports and logs, and of
files that are none."""

import html.parser
import json
import os
import re
import subprocess
import tempfile
import unittest

PIPELINES = os.environ["MX_PIPELINES"]
HOSTILE = "<script>alert('1')</script> & \"two\""


def scores(labels, n):
    """Every example right, or none where there is none."""
    one = {
        "count": n, "labelled": n, "correct": n, "accuracy": 1.0 if n else None,
        "balanced-accuracy": 1.0 if n else None, "macro-f1": 1.0 if n else None,
        "cohens-kappa": None, "calibration-error": .1 if n else None,
        "mean-confidence": .9 if n else None, "mean-exit": 1.0 if n else None,
        "mean-cost": .5 if n else None,
        "per-exit": [{"count": n, "labelled": n, "correct": n,
                      "accuracy": 1.0, "confidence": .9}] if n else [],
        "calibration": [{"count": n if b == 13 else 0,
                         "labelled": n if b == 13 else 0, "correct": n,
                         "accuracy": 1.0, "confidence": .9}
                        for b in range(15)],
        "classes": [{"label": label, "support": n, "answers": n, "correct": n,
                     "precision": None, "recall": None, "f1": None}
                    for label in labels],
        "confusion": [[n if i == j else 1 for j in range(len(labels))]
                      for i in range(len(labels))],
    }
    return one


def report(labels=("a", "b"), n=10, exits=0):
    found = scores(labels, n)
    windows = scores(labels, n)
    times = dict.fromkeys(
        ("mean", "median", "quantile-95", "quantile-99", "maximum"))
    if exits:
        windows["all-exits"] = [scores(labels, n) for _ in range(exits)]
        point = {"threshold": .5, "accuracy": .8, "mean-cost": .5,
                 "mean-exit": 1.5}
        found["curve"] = {"count": n, "area": .8, "last": point,
                          "sufficient": point, "points": [point, point]}
        found["events"] = {
            "count": 1, "found": 0, "recall": 0.0, "false": 3, "hours": .5,
            "false-per-hour": 6.0, "delay": {"count": 0, **times},
            "classes": [{"label": labels[0], "count": 1, "found": 0,
                         "recall": 0.0, "false": 3}]}
    found.update({
        "version": 1, "exits": exits or 1, "windows": windows,
        "time-to-decision": {"count": 0, **times},
        "subjects": [{"subject": HOSTILE, "count": n, "labelled": n,
                      "correct": n, "accuracy": None, "mean-exit": 1.0,
                      "mean-cost": .5}],
        "hardest": [{"label": labels[0], "answer": labels[-1],
                     "confidence": .9, "exit": 1, "index": 0, "epoch": 0,
                     "path": HOSTILE, "begin": 1500000000}]})
    return found


class Checker(html.parser.HTMLParser):
    """Tags nest, and none of them fetches or runs anything."""

    VOID = {"meta"}

    def __init__(self, test):
        super().__init__()
        self.test, self.open, self.seen = test, [], set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        names = {name for name, _ in attrs}
        self.test.assertFalse(names & {"src", "href", "onclick", "onload"})
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        self.test.assertEqual(self.open.pop(), tag)

    def check(self, page):
        self.feed(page)
        self.close()
        self.test.assertEqual(self.open, [])
        self.test.assertFalse(self.seen & {"script", "link", "img", "iframe"})


class Pages(unittest.TestCase):
    """What runs a program on files."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_on(self, *contents):
        names = []
        for i, content in enumerate(contents):
            names.append(os.path.join(self.folder.name, f"model {i}.json"))
            with open(names[-1], "w", encoding="utf-8") as file:
                file.write(content if isinstance(content, str)
                           else json.dumps(content))
        return subprocess.run([self.PROGRAM, *names], capture_output=True,
                              encoding="utf-8", check=False)

    def page_of(self, *contents):
        done = self.run_on(*contents)
        self.assertEqual(done.returncode, 0, done.stderr)
        Checker(self).check(done.stdout)
        return done.stdout

    def refuse(self, content, words):
        done = self.run_on(content)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(words, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertNotIn("Traceback", done.stderr)


class Report(Pages):
    PROGRAM = os.environ["MX_REPORT"]

    def test_figures_are_those_of_the_report(self):
        found = report(exits=2)
        found.update({"accuracy": .1234, "cohens-kappa": .5678})
        found["windows"]["all-exits"][1]["mean-confidence"] = .4321
        found["time-to-decision"]["median"] = 1234567
        page = self.page_of(found)
        for figure in ("12.3\u00a0%", "0.57", "43.2\u00a0%", "1.23\u00a0ms"):
            self.assertIn(figure, page)

    def test_times_have_a_unit_that_suits_them(self):
        for begin, shown in ((0, "0 s"), (999, "999 ns"), (999700000, "1 s"),
                             (60620000000, "60.6 s"), (1234560000000, "1234.6 s")):
            found = report()
            found["hardest"][0]["begin"] = begin
            self.assertIn(f"<td>{shown}</td>".replace(" ", "\u00a0"),
                          self.page_of(found))

    def test_several_models_are_on_one_page(self):
        page = self.page_of(report(exits=3), report(exits=2), report())
        for name in ("model 0", "model 1", "model 2"):
            self.assertIn(f"<h2>{name}</h2>", page)
        self.assertIn("exit 3: calibration error", page)
        self.assertEqual(page.count("<h3>Each exit alone</h3>"), 2)

    def test_spoilt_streams_stand_by_their_level(self):
        page = self.page_of(
            {**report(exits=2), "title": "half"},
            *({**report(exits=2), "title": "half", "condition": HOSTILE,
               "level": level, "accuracy": level / 100}
              for level in (20, -5, 3.5)),
            {**report(), "title": "full", "condition": "hum", "level": 1})
        self.assertEqual(page.count("<h2>"), 2)  # robustness, and half
        self.assertEqual(page.count("alert('1')"), 0)
        rows = [page.index(f"<td>{level}</td>") for level in ("-5", "3.5", "20")]
        self.assertEqual(rows, sorted(rows))
        self.assertEqual(page.count("<td>as it is</td>"), 1)
        self.assertIn("<h3>hum</h3>", page)

    def test_a_level_that_is_no_number_is_no_condition(self):
        page = self.page_of({**report(), "condition": "hum", "level": "much"})
        self.assertNotIn("Robustness", page)

    def test_names_are_no_markup(self):
        page = self.page_of(report(labels=(HOSTILE, "b"), exits=2))
        self.assertNotIn("alert('1')", page)
        self.assertIn("&lt;script&gt;", page)

    def test_what_is_not_defined_is_a_dash(self):
        self.assertIn("–", self.page_of(report(n=0)))
        self.assertIn("–", self.page_of(report(labels=("one",))))

    def test_a_large_matrix_is_a_list(self):
        page = self.page_of(report(labels=[f"label {i}" for i in range(50)]))
        self.assertNotIn("class=\"matrix\"", page)

    def test_what_is_no_report_is_refused_by_name(self):
        lacking = report()
        del lacking["windows"]
        for content, words in (
                ("", "model 0.json: not JSON: byte 0: found the end"),
                ('{"version": 1, "exi', "not JSON: byte 19: found the end"),
                ("no JSON", "model 0.json"), ("[]", "found no version"),
                ('{"rate": 50, "stages": []}', "found no version"),
                ({"version": 2}, "another version"),
                (lacking, "windows: found nothing")):
            self.refuse(content, words)

    def test_called_without_words_it_says_how(self):
        done = self.run_on()
        self.assertEqual(done.returncode, 2)
        self.assertIn("REPORT.json", done.stderr)


def log(*events):
    return "".join(json.dumps(event) + "\n" for event in events)


def epoch(n, best, **more):
    return {"event": "epoch", "epoch": n, "step": 10 * n, "loss": 2 / n,
            "clean-loss": 1 / n, "learning-rate": .001 / n, "best-epoch": best,
            "accuracy": [.5, .6], "valid-accuracy": [.7, .8], "valid-auc": .75,
            "valid-loss": 1 / n, **more}


BEGIN = {"event": "begin", "text": HOSTILE, "epoch": 1, "step": 0}


class Curves(Pages):
    PROGRAM = os.path.join(PIPELINES, "curves.sh")

    def test_a_training_has_its_curves(self):
        page = self.page_of(log(
            BEGIN, epoch(1, 1), epoch(2, 2),
            {**epoch(3, 2), "event": "end", "elapsed": 5e9,
             "location": HOSTILE}))
        for caption in ("Losses", "Examples to measure with",
                        "Examples trained on", "Learning rate"):
            self.assertIn(caption, page)
        self.assertIn("Ended after 5", page)
        self.assertIn(">kept<", page)
        self.assertNotIn("alert('1')", page)

    def test_axes_end_a_little_beyond_what_they_show_at_whole_epochs(self):
        for n, ends in ((12, (3, 15)), (13, (3, 15)), (300, (60, 300)),
                        (301, (80, 400))):
            page = self.page_of(log(BEGIN, *(epoch(e + 1, 1) for e in range(n))))
            labels = re.findall(r'text-anchor="middle">([0-9.]+)<', page)
            for end in ends:
                self.assertIn(str(end), labels, f"{n} epochs: {labels}")

    def test_what_was_logged_last_of_a_step_counts(self):
        resume = {"event": "resume", "text": "", "epoch": 2, "step": 10}
        page = self.page_of(log(
            BEGIN, epoch(1, 1), epoch(2, 1, loss=.111), BEGIN, resume,
            epoch(2, 1, loss=.222)))
        self.assertIn("0.222", page)
        self.assertNotIn("0.111", page)
        self.assertIn("2.000", page)
        self.assertIn("Not ended", page)

    def test_a_training_that_begins_anew_is_shown_alone(self):
        page = self.page_of(log(
            BEGIN, epoch(1, 1, loss=.333), BEGIN, epoch(1, 1, loss=.444)))
        self.assertNotIn("0.333", page)

    def test_a_line_that_is_being_written_is_left_out(self):
        whole = log(BEGIN, epoch(1, 1))
        self.assertIn("Losses", self.page_of(whole + whole[:50]))
        self.assertIn("None has ended", self.page_of(log(BEGIN)))

    def test_losses_that_are_no_numbers_have_no_point(self):
        self.page_of(log(BEGIN, epoch(1, 1, loss=float("nan")),
                         epoch(2, 1, loss=1e300), epoch(3, 1, loss=0)))

    def test_what_is_no_log_is_refused_by_name(self):
        for content, words in (("", "is empty"), ("no JSON\n\n", "line 1"),
                               ("[]\n", "expected a line of the log"),
                               ('{"event":"epoch","epoch":1,"loss":1,"step":[]}\n',
                                "lacks")):
            self.refuse(content, words)


unittest.main()
