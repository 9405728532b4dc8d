# -*- coding: latin-1 -*-
# kleine Helfer für die Übung
import numpy as np

def e_abs(x):
    return np.exp(-np.abs(x))
