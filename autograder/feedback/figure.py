"""The picture of a judgement: one small SVG that makes one point, legible on light and on dark.

What is drawn comes from `judgement.facts.curve`, a dict that the judge of the kind fills in; every key is optional,
and without the data there is no figure.

N, G  x, got, truth: 1-D arrays (the argument that varies, the student's values, the true ones; nan and inf allowed);
      ulp: the error in units in the last place at each x; first: index of the first bad point, or None;
      allowed: the error in ULP that passes; xlabel, ylabel: names of the axes.
S     x, got, truth as above; witness: the x of the witness; xlabel.
D     steps: the lines as text, the left side first; wrong: index of the first wrong line, or None;
      rejoins: index of the first later line that is right again, or None.
"""

from __future__ import annotations
