"""The only language spoken across the wall: a JSON header, and arrays as .npy with pickling refused.

A frame is two big-endian lengths (header, payloads), the header, the payloads. The header is strict JSON: null, true,
false, integers, finite floats, strings and lists stand for themselves; everything else is an object with one key,
which names the type ({"tuple": [...]}, {"array": 128}, {"Call": [...]}). The other side may be anyone: whatever is
not exactly of this form, or larger than agreed, is a `WireError`.
"""

from __future__ import annotations

import io
import json
import math
import struct
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy

from autograder.calls import Observation
from autograder.expressions import ExpressionError, Tree, decode, encode
from autograder.sandbox.records import NAMES, RECORDS, fields_of, rebuild

MAX_FRAME = 64 * 2**20
MAX_HEADER = 8 * 2**20  # JSON grows up to twentyfold when it is parsed
MAX_DEPTH = 64
MAX_NPY_HEADER = 1_024
WORTH_KEEPING = 8_192  # bytes of memory; larger frames are rare
_BYTES_A_PART = 100  # what the smallest values of Python take, though they may be two characters in JSON
_LENGTHS = struct.Struct(">II")
_KINDS = "biufc"
_ATOMS = frozenset({type(None), bool, int, str})
# ensure_ascii writes a lone surrogate as an escape, which survives the round trip.
_JSON = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"), check_circular=False)
_NO_TROUBLE = fields_of(Observation())[1:]
_ODD_FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class WireError(ValueError):
    """These bytes are no message, or this object cannot be one."""


def pack(obj: Any) -> bytes:
    """The frame that says `obj`. Raises WireError for an object that is not wire-safe."""
    if type(obj) is Observation and type(obj.value) is np.ndarray and fields_of(obj)[1:] == _NO_TROUBLE:
        body = _array_bytes(obj.value)
        return _head_without_trouble(len(body)) + body
    payloads: list[bytes] = []
    try:
        form = _to_form(obj, payloads, 0)
        header = _JSON.encode(form).encode("ascii")
    except (ValueError, RecursionError) as error:
        raise WireError(f"cannot be sent: {error}") from error
    body = b"".join(payloads)
    if len(header) > MAX_HEADER or len(header) + len(body) > MAX_FRAME:
        raise WireError("cannot be sent: too large")
    return _LENGTHS.pack(len(header), len(body)) + header + body


@lru_cache(1_024)
def _head_without_trouble(size: int) -> bytes:
    """The head of the most frequent frame by far: an array of `size` bytes came back, and there is no more to say."""
    header = _JSON.encode({"Observation": [{"array": size}, *_to_forms(_NO_TROUBLE, [], 1)]}).encode("ascii")
    if len(header) + size > MAX_FRAME:
        raise WireError("cannot be sent: too large")
    return _LENGTHS.pack(len(header), size) + header


def unpack(frame: bytes) -> Any:
    """The object that `frame` says. Raises WireError, and never anything else."""
    if len(frame) < _LENGTHS.size:
        raise WireError("shorter than the lengths it starts with")
    header, body = _lengths(frame, MAX_FRAME)
    if len(frame) != _LENGTHS.size + header + body:
        raise WireError("not as long as it says")
    start = _LENGTHS.size + header
    payload = io.BytesIO(frame[start:])
    try:
        form = json.loads(frame[_LENGTHS.size : start].decode("ascii"), parse_constant=_refuse)
        obj = _from_form(form, payload, 0)
    except WireError:
        raise
    except Exception as error:  # json, tokenize, ast and numpy each have their own ways to say "malformed"
        raise WireError(f"malformed: {type(error).__name__}: {error}"[:500]) from None
    if payload.read(1):
        raise WireError("bytes left over that belong to no array")
    return obj


def send(stream: BinaryIO, obj: Any) -> None:
    """Write one frame and flush it."""
    stream.write(pack(obj))
    stream.flush()


@lru_cache(4_096)
def _unpack_once(frame: bytes) -> Any:
    return unpack(frame)


def recall(frame: bytes, weight: int | None = None) -> Any:
    """As `unpack`, but what came before may be the very same object: half a class gives the same answers.

    weight: the frame's burden, where that is known already.
    """
    light = (burden(frame) if weight is None else weight) <= WORTH_KEEPING
    return _unpack_once(frame) if light else unpack(frame)


def receive(stream: BinaryIO, limit: int = MAX_FRAME) -> Any:
    """Read one frame of at most `limit` bytes. Raises EOFError at a clean end, WireError otherwise."""
    return unpack(take(stream, limit))


def take(stream: BinaryIO, limit: int = MAX_FRAME) -> bytes:
    """As `receive`, the frame still packed."""
    lengths = stream.read(_LENGTHS.size)
    if not lengths:
        raise EOFError("the other side has closed")
    if len(lengths) < _LENGTHS.size:
        raise WireError("ends within a length")
    expected = sum(_lengths(lengths, limit))
    rest = stream.read(expected)
    if len(rest) != expected:
        raise WireError("ends within a frame")
    return lengths + rest


def split(buffer: bytearray) -> list[bytes]:
    """The whole frames that `buffer` begins with; it keeps the rest. How long that claims to be, `missing` looks at."""
    frames, start, size = [], 0, len(buffer)
    while size - start >= _LENGTHS.size:
        end = start + _LENGTHS.size + sum(_LENGTHS.unpack_from(buffer, start))
        if end > size:
            break
        frames.append(bytes(buffer[start:end]))
        start = end
    del buffer[:start]
    return frames


def missing(buffer: bytes | bytearray, limit: int = MAX_FRAME) -> int:
    """How many bytes the first frame in `buffer` still lacks: 0 or less when it is whole. Raises WireError."""
    if len(buffer) < _LENGTHS.size:
        return _LENGTHS.size - len(buffer)
    return _LENGTHS.size + sum(_lengths(buffer, limit)) - len(buffer)


def burden(frame: bytes | bytearray) -> int:
    """At most how many bytes of memory the object of a whole frame will take. Costs next to nothing.

    Two characters of JSON can become an object fifty times their size, so the length of a frame tells little.
    """
    start, count = _LENGTHS.size, frame.count
    end = start + _LENGTHS.unpack_from(frame)[0]
    return len(frame) + _BYTES_A_PART * (count(b",", start, end) + count(b"[", start, end) + count(b"{", start, end))


def _lengths(prefix: bytes | bytearray, limit: int) -> tuple[int, int]:
    header, body = _LENGTHS.unpack_from(prefix)
    if header > MAX_HEADER or header + body > limit:
        raise WireError(f"larger than the {limit} bytes agreed")
    return header, body


def _refuse(constant: str) -> None:
    raise WireError(f"{constant} is no JSON")


def _to_form(obj: Any, payloads: list[bytes], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise WireError("cannot be sent: nested too deeply")
    kind = type(obj)
    if kind in _ATOMS:
        return obj
    if kind is float:
        return obj if math.isfinite(obj) else {"float": str(obj)}
    if kind is list:
        return _to_forms(obj, payloads, depth + 1)
    if kind in (tuple, frozenset):
        return {kind.__name__: _to_forms(obj, payloads, depth + 1)}
    if kind is dict:
        if any(type(key) is not str for key in obj):
            raise WireError("cannot be sent: a dict with a key that is no text")
        return {"dict": [[key, _to_form(item, payloads, depth + 1)] for key, item in obj.items()]}
    if kind is np.ndarray:
        payloads.append(_array_bytes(obj))
        return {"array": len(payloads[-1])}
    if isinstance(obj, np.generic):
        return _to_form(np.asarray(obj), payloads, depth)
    if kind is Tree:
        return {"Tree": encode(obj)}
    if kind in RECORDS:
        return {kind.__name__: _to_forms(fields_of(obj), payloads, depth + 1)}
    raise WireError(f"cannot be sent: a {kind.__name__}")


def _to_forms(items: Iterable, payloads: list[bytes], depth: int) -> list:
    return [item if type(item) in _ATOMS else _to_form(item, payloads, depth) for item in items]


def _from_form(form: Any, payload: BinaryIO, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise WireError("nested too deeply")
    if isinstance(form, list):
        return [_from_form(item, payload, depth + 1) for item in form]
    if not isinstance(form, dict):
        return form
    if len(form) != 1:
        raise WireError("an object without exactly one key")
    ((tag, content),) = form.items()
    if tag == "float" and isinstance(content, str) and content in _ODD_FLOATS:
        return _ODD_FLOATS[content]
    if tag == "array":
        return _read_array(payload, content)
    if tag == "Tree":
        try:
            return decode(content)
        except ExpressionError as error:
            raise WireError(f"no expression: {error}") from None
    if not isinstance(content, list):
        raise WireError(f"{tag[:40]!r} without its list")
    if tag == "dict":
        return _dictionary(content, payload, depth)
    items = [_from_form(item, payload, depth + 1) for item in content]
    if tag == "tuple":
        return tuple(items)
    if tag == "frozenset" and all(type(item) is str for item in items):
        return frozenset(items)
    if tag in NAMES:
        return rebuild(NAMES[tag], items)
    raise WireError(f"the unknown type {tag[:40]!r}")


def _dictionary(pairs: list, payload: BinaryIO, depth: int) -> dict:
    result = {}
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2 or type(pair[0]) is not str or pair[0] in result:
            raise WireError("a dict whose pairs are none")
        result[pair[0]] = _from_form(pair[1], payload, depth + 1)
    return result


def _array_bytes(array: np.ndarray) -> bytes:
    if array.dtype.kind not in _KINDS or array.dtype.hasobject:
        raise WireError(f"cannot be sent: an array of dtype {array.dtype}")
    fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    return _npy_header(array.dtype.str, array.shape, fortran) + array.tobytes("F" if fortran else "C")


@cache
def _npy_header(dtype: str, shape: tuple[int, ...], fortran: bool) -> bytes:
    stream = io.BytesIO()
    npy.write_array_header_1_0(stream, {"descr": dtype, "fortran_order": fortran, "shape": shape})
    return stream.getvalue()


def _read_array(payload: BinaryIO, length: Any) -> np.ndarray:
    """The next `length` bytes as an array. The .npy header must promise exactly the bytes that follow it."""
    if type(length) is not int or length <= 0:
        raise WireError("an array without a length")
    data = payload.read(length)
    if len(data) != length:
        raise WireError("an array longer than what was sent")
    start = 10 + int.from_bytes(data[8:10], "little")
    if start > MAX_NPY_HEADER:
        raise WireError("an array with a header beyond all need")
    shape, fortran, dtype = _read_npy_header(data[:start])
    content = data[start:]
    if math.prod(shape) * dtype.itemsize != len(content):
        raise WireError("an array whose header lies about its size")
    if not content and math.prod(side or 1 for side in shape) > MAX_FRAME:
        # A million million rows of no columns are no bytes, until somebody makes a list of them.
        raise WireError("an array of nothing with endless sides")
    if dtype.kind == "b" and content.strip(b"\x00\x01"):
        raise WireError("an array of truth values that are neither true nor false")
    flat = np.frombuffer(content, dtype=dtype)  # for reading only: whoever wants to write makes a copy
    return flat.reshape(shape, order="F" if fortran else "C")


@lru_cache(4_096)
def _read_npy_header(header: bytes) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, order and dtype, as far as they are such as `_npy_header` writes. Few differ, and reading one is slow."""
    stream = io.BytesIO(header)
    if npy.read_magic(stream) != (1, 0):
        raise WireError("an array in an unexpected version of .npy")
    shape, fortran, dtype = npy.read_array_header_1_0(stream)
    if stream.read(1):
        raise WireError("an array header with something behind it")
    if dtype.kind not in _KINDS or dtype.hasobject or dtype.names or dtype.subdtype:
        raise WireError(f"an array of dtype {dtype}"[:200])
    if any(type(side) is not int or side < 0 for side in shape) or len(shape) > 32:
        raise WireError("an array of an impossible shape")
    return shape, fortran, dtype
