import std.hierarchy
x = 1
