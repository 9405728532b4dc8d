# -*- coding: latin-1 -*-
# Übung zu Sigmoid und tanh, kürzer geht's nicht
import numpy as np
import sympy as sp
from helpers import e_abs

STUDENT = "Minjun Kim"

def sigmoid(x, verbose=False):
    e = e_abs(x)
    return np.where(x >= 0, 1, e) / (1 + e)

complement = lambda x: sigmoid(-x)

def log_sigmoid(x):
    return -np.logaddexp(0, -x)

def sigmoid_grad(x):
    return sigmoid(x) * complement(x)

def tanh_grad(x):
    return (2 * e_abs(x) / (1 + e_abs(x) ** 2)) ** 2

if __name__ == "__main__":
    print(sigmoid(np.array([0.0, 1.0])))
