#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
"""The page of each element has a row for each of its properties, and for no
other, with the default in force; every page, script and card that sets a
property of an element sets one it has. Exit code 77: there is no PyGObject.

    pages.py ROOT

ROOT: of the source tree."""

import pathlib
import re
import sys

try:
    import gi

    gi.require_version("Gst", "1.0")
    from gi.repository import GObject, Gst
except (ImportError, ValueError) as reason:
    print("skipped:", reason)
    sys.exit(77)

ELEMENTS = ("mxclassify", "mxdatasetsrc", "mxperturb", "mxtrainsink",
            "mxevalsink", "mxcalibratesink", "mxquantisesink")
BUILT_AT_WILL = {"attach-analytics"}
ROOMS = ("*.md", "docs/*.md", "models/*.md", "pipelines/*", "gst/elements/*.c")
USE = re.compile(r"\b(mx[a-z]+)"
                 r'((?:\s+(?:\\\n\s*)?@?[a-z_:0-9-]+=(?:"[^"]*"|[^\s"`]+))+)')
UNITS = {"s": 1e9, "ms": 1e6, "MiB": 2**20, "ns": 1}
# What was no value to compare with: strings, arrays and boxed types.
NOTHING = {"", "none", "empty", "all", "sorted"}


def cells(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("| "))]


def rows(page):
    """name -> its default as written, or None if the row leaves it out"""
    found = {}
    text = re.search(r"^## Properties$(.*?)(?=^## |\Z)", page, re.M | re.S)[1]
    for table in re.findall(r"(?:^\|.*\n)+", text, re.M):
        lines = table.splitlines()
        header = cells(lines[0])
        if header[0] != "property":
            continue
        column = next((i for i, name in enumerate(header)
                       if name.startswith("default")), None)
        for line in lines[2:]:
            row = cells(line)
            names = re.findall(r"`([^`]+)`", row[0])
            if column is not None:
                defaults = row[column]
            else:
                joined = next(i for i, h in enumerate(header) if "default" in h)
                bold = re.findall(r"\*\*([^*]+)\*\*", row[joined])
                last = row[joined].rsplit(", ", 1)[-1]
                defaults = bold[0] if bold else last
            several = defaults.split(", ") if len(names) > 1 else [defaults]
            for name, default in zip(names, several * len(names)):
                found[name] = default.strip("`*")
    return found


def number(text):
    text = text.replace("−", "-")
    power = re.fullmatch(r"2\^(\d+) - 1", text)
    if power:
        return 2 ** int(power[1]) - 1
    value = re.fullmatch(r"(-?[\d.e+-]+)(?: (\w+))?", text)
    return float(value[1]) * UNITS.get(value[2], 1) if value else None


def default_of(spec):
    kind = spec.value_type
    if kind == GObject.TYPE_BOOLEAN:
        return bool(spec.default_value)
    value = getattr(spec, "default_value", None)
    if kind.is_a(GObject.TYPE_ENUM) and hasattr(spec, "get_default_value"):
        value = spec.get_default_value()  # newer bindings: a plain number above
    return getattr(value, "value_nick", value)


def agrees(spec, text):
    default = default_of(spec)
    if isinstance(default, bool):
        return text == str(default).lower()
    if spec.value_type.is_a(GObject.TYPE_ENUM):
        return text.split()[0] == default
    if isinstance(default, (int, float)):
        found = number(text)
        return found is not None and abs(found - default) <= 1e-6 * abs(default)
    return default is not None or text in NOTHING or text == "string"


def check(element, page):
    own = {spec.name: spec for spec in element.list_properties()
           if spec.owner_type == element.__gtype__}
    written = rows(page)
    name = element.get_factory().get_name()
    for missing in own.keys() - written.keys():
        yield f"{name}: '{missing}' is not on its page"
    for extra in written.keys() - own.keys() - BUILT_AT_WILL:
        if element.find_property(extra) is None:
            yield f"{name}: its page has '{extra}', the element has not"
    for known in own.keys() & written.keys():
        spec = own[known]
        writable = spec.flags & GObject.ParamFlags.WRITABLE
        if writable and not agrees(spec, written[known]):
            yield (f"{name}: '{known}' is by default "
                   f"{default_of(spec)}, on its page {written[known]}")


def uses(text):
    """(element, property) of "mxperturb seed=3 strength=.5", also where the line
    is broken; properties of pads and presets are left out"""
    for name, words in USE.findall(text):
        for word in re.findall(r'(\S+?)=(?:"[^"]*"|\S*)', words):
            if "::" not in word and not word.startswith("@"):
                yield name, word


def check_uses(path):
    for name, word in sorted(set(uses(path.read_text("utf-8")))):
        element = Gst.ElementFactory.make(name)
        if element is None:
            yield f"{path}: there is no element {name}"
        elif word not in BUILT_AT_WILL and element.find_property(word) is None:
            yield f"{path}: {name} has no property {word}"


def main():
    Gst.init(None)
    root = pathlib.Path(sys.argv[1])
    faults = []
    for name in ELEMENTS:
        page = (root / "docs" / (name + ".md")).read_text("utf-8")
        faults += check(Gst.ElementFactory.make(name), page)
    for room in ROOMS:
        for path in filter(pathlib.Path.is_file, root.glob(room)):
            faults += check_uses(path)
    print(*sorted(faults), sep="\n")
    return bool(faults)


sys.exit(main())
