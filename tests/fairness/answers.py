"""Right answers, short enough to be read inside a case."""

SIGMOID = """\
def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)
"""
COMPLEMENT = """\
def complement(x):
    return sigmoid(-x)
"""
SLOPE = """\
def sigmoid_grad(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
"""
SOFTMAX = """\
def softmax(z, axis=-1):
    weights = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return weights / np.sum(weights, axis=axis, keepdims=True)
"""
