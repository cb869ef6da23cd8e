# main.py - the same as main.c, in Python.

from array import array
