"""What is sent arrives as it was; what was not sent by this code is refused, and nothing worse happens."""

import contextlib
import io
import json
import math
import pickle
import struct

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.calls import (
    Applied,
    Call,
    Drawing,
    Failure,
    Foreign,
    Observation,
    Program,
    Repair,
    Seeded,
    Step,
)
from autograder.expressions import Tree, parse
from autograder.sandbox.wire import MAX_FRAME, WireError, missing, pack, recall, receive, send, split, unpack

text = st.text(st.characters(), max_size=20)  # lone surrogates and NUL among them
dtypes = st.one_of(
    npst.boolean_dtypes(), npst.integer_dtypes(), npst.unsigned_integer_dtypes(), npst.floating_dtypes(endianness="?")
)
arrays = npst.arrays(dtypes, npst.array_shapes(min_dims=0, min_side=0, max_side=3))
trees = st.sampled_from(["x", "1/2", "x**2 + exp(-x)", "log(1 + exp(x))"]).map(parse)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), text, trees)
records = st.one_of(
    st.builds(Seeded, st.integers()),
    st.builds(Failure, text, text, st.none() | st.integers()),
    st.builds(Foreign, text, text),
    st.builds(Program, st.lists(text).map(tuple), st.none() | text),
    st.builds(Step, scalars, text),
    st.builds(Repair, st.integers(), scalars, st.dictionaries(text, scalars)),
    st.builds(Drawing, texts=st.lists(text).map(tuple), xlim=st.tuples(st.floats(), st.floats())),
    st.builds(Call, text, st.lists(scalars).map(tuple), st.dictionaries(text, arrays)),
    st.builds(Observation, scalars, warnings=st.lists(text).map(tuple)),
)
values = st.recursive(
    st.one_of(scalars, arrays, records),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(text, inner, max_size=3),
        st.lists(st.builds(Observation, inner), max_size=2).map(lambda outputs: Applied(tuple(outputs))),
    ),
    max_leaves=8,
)


def same(a, b):
    """Equal in type and content; nan is nan, -0.0 is not 0.0, arrays agree byte for byte."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        nans = a.dtype.kind == "f" and np.array_equal(a, b, equal_nan=True)
        return a.dtype == b.dtype and a.shape == b.shape and (nans or a.tobytes() == b.tobytes())
    if isinstance(a, float):
        return struct.pack(">d", a) == struct.pack(">d", b) or (math.isnan(a) and math.isnan(b))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(same, a.values(), b.values()))
    if hasattr(a, "__dataclass_fields__") and not isinstance(a, Tree):
        return same(vars(a), vars(b))
    return a == b


@settings(max_examples=150, deadline=None)
@given(values)
@example("\ud800 lone \x00")
@example([math.nan, math.inf, -math.inf, -0.0, 10**400])
@example(np.asfortranarray(np.arange(6).reshape(2, 3)))
def test_what_is_sent_arrives(value):
    assert same(unpack(pack(value)), value)


@given(st.lists(scalars, max_size=4))
def test_frames_follow_each_other_on_a_stream(sent):
    stream = io.BytesIO()
    for value in sent:
        send(stream, value)
    stream.seek(0)
    assert all(same(receive(stream), value) for value in sent)
    with pytest.raises(EOFError):
        receive(stream)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_noise_is_refused_and_nothing_worse(noise):
    with pytest.raises(WireError):
        unpack(noise)


@settings(max_examples=200, deadline=None)
@given(values, st.data())
def test_a_damaged_frame_is_refused_or_read_but_never_breaks_anything(value, data):
    frame = bytearray(pack(value))
    at = data.draw(st.integers(0, len(frame) - 1))
    frame[at] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(WireError):
        unpack(bytes(frame))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["tuple", "dict", "array", "float", "Tree", "Call", "Observation", "Failure", "frozenset"])
            | text,
            inner,
            max_size=2,
        )
    ),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(json_values, st.binary(max_size=100))
def test_a_header_of_any_shape_is_refused_or_read(header, payload):
    encoded = json.dumps(header).encode()
    with contextlib.suppress(WireError):
        unpack(struct.pack(">II", len(encoded), len(payload)) + encoded + payload)


def frame(header, payload=b""):
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">II", len(encoded), len(payload)) + encoded + payload


def npy(description, payload):
    header = description.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + payload


def array_frame(description, payload=b""):
    data = npy(description, payload)
    return frame({"array": len(data)}, data)


def test_the_honest_npy_is_read():
    got = unpack(array_frame("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", bytes(16)))
    assert got.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("shape", ["(1,)", "(3,)", "(1099511627776, 1099511627776)"])
def test_a_header_is_held_against_its_payload(shape):
    with pytest.raises(WireError, match="lies about its size"):
        unpack(array_frame(f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}", bytes(16)))


@pytest.mark.parametrize(
    "lie",
    [
        array_frame("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", pickle.dumps([print])),
        array_frame("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}", bytes(16)),
        array_frame("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", bytes(16)),
        array_frame("{'descr': '<f8', 'fortran_order': False, 'shape': (2**40,)}"),
        array_frame("{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776, 1099511627776)}"),
        array_frame("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -2)}", bytes(16)),
        array_frame("{'descr': '<f8', 'fortran_order': False, 'shape': (True, 2)}", bytes(16)),
        array_frame("{'descr': '<U2', 'fortran_order': False, 'shape': (2,)}", bytes(16)),
        array_frame("{'descr': '<f4,<f4', 'fortran_order': False, 'shape': (2,)}", bytes(16)),
        array_frame("{'descr': '<M8[s]', 'fortran_order': False, 'shape': (2,)}", bytes(16)),
        array_frame("{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", b"\x01\x07"),
        array_frame("__import__('os').system('true')"),
        array_frame("(" * 5000),
        frame({"array": 0}),
        frame({"array": -1}, b"x"),
        frame({"array": True}, b"x"),
        frame({"array": 10**6}, b"x"),
        frame({"array": 1}, b"xx"),
        frame(["nothing"], b"left over"),
    ],
)
def test_an_array_that_lies_is_refused(lie):
    with pytest.raises(WireError):
        unpack(lie)


@pytest.mark.parametrize(
    "header",
    [
        b"NaN",
        b"[Infinity]",
        b"{}",
        b'{"a": 1, "b": 2}',
        b'{"float": "1"}',
        b'{"Failure": ["kind", ["no text"], null]}',
        b'{"Failure": ["kind"]}',
        b'{"Observation": [null, null, {"tuple": [1]}, {"tuple": []}, null, "", 0]}',
        b'{"dict": [["a", 1], ["a", 2]]}',
        b'{"dict": [[1, 2]]}',
        b'{"eval": ["1"]}',
        b'{"frozenset": [[1]]}',
        b'{"Tree": "__import__(\'os\')"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b"1" * 10_000,
        b"",
    ],
)
def test_a_header_that_says_nothing_sensible_is_refused(header):
    with pytest.raises(WireError):
        unpack(frame(header))


@pytest.mark.parametrize(
    "value",
    [object(), {1: 2}, {"a": print}, np.array([None]), np.array(["a"]), b"bytes", {1, 2}, type, ..., range(3)],
    ids=lambda value: type(value).__name__,
)
def test_only_plain_values_can_be_sent(value):
    with pytest.raises(WireError):
        pack(value)


def test_sizes_are_bounded():
    with pytest.raises(WireError, match="too large"):
        pack(np.zeros(MAX_FRAME, np.uint8))
    with pytest.raises(WireError, match="agreed"):
        receive(io.BytesIO(pack(np.zeros(1_000))), limit=1_000)
    with pytest.raises(WireError, match="agreed"):
        missing(struct.pack(">II", 0, 2**32 - 1))


def test_it_is_known_how_much_of_a_frame_is_lacking():
    whole = pack([1, 2, np.zeros(3)])
    assert missing(b"") > 0
    assert missing(whole[:-7]) == 7
    assert missing(whole + b"next") == -4


def test_whole_frames_are_split_off_and_the_rest_stays():
    whole = [pack([number]) for number in range(3)]
    buffer = bytearray(b"".join(whole) + whole[0][:-2])
    assert split(buffer) == whole
    assert buffer == whole[0][:-2]
    assert split(buffer) == []
    buffer += whole[0][-2:]
    assert split(buffer) == whole[:1]
    assert not buffer


def test_what_stands_before_an_outrageous_frame_still_counts():
    good, endless = pack([1]), struct.pack(">II", 0, 2**32 - 1)
    buffer = bytearray(good + endless)
    assert split(buffer) == [good]
    assert split(buffer) == []
    with pytest.raises(WireError, match="agreed"):
        missing(buffer)


def test_arrays_arrive_for_reading_only():
    """What is recalled is shared by all who look at it."""
    with pytest.raises(ValueError, match="read-only"):
        unpack(pack(np.arange(3.0)))[0] = 9


def test_what_came_before_is_recalled_and_nothing_else():
    first, second = (pack(Observation(np.array([value, 1.0]))) for value in (1.0, np.nextafter(1.0, 2.0)))
    assert recall(first) is recall(bytes(bytearray(first)))
    assert recall(second).value[0] != recall(first).value[0]


def test_what_is_large_is_not_kept():
    frame = pack(np.zeros(2_000))
    assert recall(frame) is not recall(frame)


def test_malformed_frames_are_refused_each_time():
    for _ in range(2):
        with pytest.raises(WireError):
            recall(pack([1])[:-1] + b"x")


@pytest.mark.parametrize(
    "value",
    [np.array(1.5), np.zeros((2, 0)), np.array([1, 2], np.int8), np.asfortranarray(np.ones((2, 3))), np.array([np.nan])],
)
def test_the_short_way_says_the_same_as_the_long_one(value):
    short = pack(Observation(value))
    long = pack([Observation(value)])
    head, body = struct.unpack(">II", long[:8])
    assert short == struct.pack(">II", head - 2, body) + long[9 : 8 + head - 1] + long[8 + head :]
    assert short != pack(Observation(value, warnings=("RuntimeWarning: no",)))
