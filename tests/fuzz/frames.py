"""What may come over the wire: noise, damaged frames, and headers that lie."""

from __future__ import annotations

import json
import struct

from hypothesis import strategies as st

from autograder.sandbox.wire import WireError, pack
from tests.fuzz.notebooks import mutated
from tests.test_wire import values

LENGTHS = struct.Struct(">II")
TAGS = [
    "tuple",
    "dict",
    "array",
    "float",
    "Tree",
    "frozenset",
    "Call",
    "Observation",
    "Failure",
    "Program",
    "Drawing",
    "Step",
]
numbers = st.integers() | st.sampled_from([0, 1, 2**31, 2**32 - 1, 2**63, 10**100, 128, 144])
headers = st.recursive(
    st.none() | st.booleans() | numbers | st.floats() | st.text(max_size=10) | st.sampled_from(TAGS),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(TAGS) | st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=12,
)
payloads = st.binary(max_size=200) | st.builds(
    lambda descr, shape, order, data: _npy(descr, shape, order) + data,
    st.sampled_from(["<f8", "<f4", ">f2", "|b1", "<i8", "|O", "<c16", "<U3", "<M8[s]", "<f8,<f8", "|V8", "|S0"])
    | st.text(max_size=5),
    st.lists(numbers, max_size=4).map(tuple) | st.integers(),
    st.booleans() | st.none(),
    st.binary(max_size=64),
)


def _npy(descr, shape, order) -> bytes:
    described = repr({"descr": descr, "fortran_order": order, "shape": shape}).encode("utf-8", "surrogatepass")
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", min(len(described) + 1, 65_535)) + described + b"\n"


def framed(parts) -> bytes:
    header, payload, lie = parts
    encoded = json.dumps(header).encode()
    long, wide = (max(0, min(2**32 - 1, n)) for n in (len(encoded) + lie[0], len(payload) + lie[1]))
    return LENGTHS.pack(long, wide) + encoded + payload


def nested(parts) -> bytes:
    opening, depth = parts
    header = (opening * depth).encode()
    return LENGTHS.pack(len(header), 0) + header


def pack_if_possible(value) -> bytes:
    try:
        return pack(value)
    except WireError:
        return b""


lies = st.just((0, 0)) | st.tuples(numbers, numbers) | st.tuples(st.integers(-9, 9), st.integers(-9, 9))
arrays = payloads.flatmap(lambda data: st.tuples(st.just({"array": len(data)}) | headers, st.just(data), lies))
noise = st.one_of(
    st.binary(max_size=300),
    st.tuples(headers, st.binary(max_size=60), lies).map(framed),
    arrays.map(framed),
    mutated(values.map(pack)),
    st.tuples(st.sampled_from(["[", '{"tuple":[', '{"dict":[["a",']), st.sampled_from([5, 64, 2_000, 90_000])).map(
        nested
    ),
)
requests = mutated(
    st.tuples(st.lists(st.text(max_size=3) | headers, max_size=3) | headers, values, st.lists(values, max_size=3)).map(
        lambda parts: b"".join(map(pack_if_possible, [parts[0], parts[1], *parts[2]]))
    )
)
