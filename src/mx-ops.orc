.function mx_ops_scale
.dest 4 d1 float
.floatparam 4 p1

mulf d1, d1, p1
