"""Measurements side by side with others: in one process, on one thread, in turns.

The libraries read how many threads they may use when they are loaded, hence before anything else.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"
