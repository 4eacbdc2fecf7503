# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Passes over a whole buffer, each the work of memory and not of arithmetic.
# Refresh the C backup, for builds without ORC, after every change:
#   ninja -C build mx-ops-dist

.function mx_ops_scale
.dest 4 d1 float
.floatparam 4 p1

mulf d1, d1, p1


.function mx_ops_scale_offset
.dest 4 d1 float
.floatparam 4 p1
.floatparam 4 p2
.temp 4 t1

mulf t1, d1, p1
addf d1, t1, p2


.function mx_ops_add_scaled
.dest 4 d1 float
.source 4 s1 float
.floatparam 4 p1
.temp 4 t1

mulf t1, s1, p1
addf d1, d1, t1


.function mx_ops_clamp
.dest 4 d1 float
.floatparam 4 p1
.floatparam 4 p2
.temp 4 t1

maxf t1, d1, p1
minf d1, t1, p2
