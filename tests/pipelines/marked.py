# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""pipelines/marked.py: what is put into a page, and when that is refused."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.environ["MX_PIPELINES"])

import marked

SCRIPT = "some.sh"


def mark(name):
    return marked.begin(SCRIPT, name)


class Marked(unittest.TestCase):

    def test_what_is_between_markers_is_replaced_and_nothing_else(self):
        text = "a\n" + mark("x") + "\nold\n<!-- end -->\nb\n"
        new = marked.filled(text, SCRIPT, {"x": "new"})
        self.assertEqual(new, "a\n" + mark("x") + "\n\nnew\n\n<!-- end -->\nb\n")
        self.assertEqual(marked.filled(new, SCRIPT, {"x": "new"}), new)

    def test_a_page_without_a_place_for_each_table_is_refused(self):
        x, y = mark("x"), mark("y")
        for text in ("nothing", f"{x}\nno end", f"{x}\n{x}\n<!-- end -->",
                     f"{x}\nno end\n<!-- made by another -->\n<!-- end -->",
                     f"{x}\n<!-- end -->\n{y}\nnobody's\n<!-- end -->"):
            with self.assertRaises(marked.Unmarked, msg=text):
                marked.filled(text, SCRIPT, {"x": "new"})

    def test_what_another_script_has_made_stays(self):
        others = marked.begin("other.sh", "x") + "\ntheirs\n<!-- end -->\n"
        text = others + mark("x") + "\nold\n<!-- end -->\n"
        self.assertTrue(marked.filled(text, SCRIPT, {"x": "new"}).startswith(others))

    def test_a_page_that_is_refused_stays_as_it_is(self):
        with tempfile.TemporaryDirectory() as folder:
            page = os.path.join(folder, "page.md")
            with open(page, "w", encoding="utf-8") as file:
                file.write("nothing\n")
            with self.assertRaises(marked.Unmarked):
                marked.fill(page, SCRIPT, {"x": "new"})
            self.assertEqual(os.listdir(folder), ["page.md"])
            with open(page, encoding="utf-8") as file:
                self.assertEqual(file.read(), "nothing\n")

    def test_a_line_may_stand_below_a_table(self):
        rows = [["", "a"], ["b", "1"]]
        self.assertEqual(marked.markdown(rows), "|  | a |\n|---|---|\n| b | 1 |")
        self.assertEqual(marked.markdown((rows, "That is all.")),
                         "|  | a |\n|---|---|\n| b | 1 |\n\nThat is all.")


if __name__ == "__main__":
    unittest.main()
