"""numpy's numbers, arrays and polynomials. Only types of fixed size: nothing in an array is a pointer, or unpickled."""

import re

from autograders.grading.library import Library, Write
from autograders.grading.plain import all_native, checked

FIXED = re.compile(r"[<>|=][biufcSUMm]\d+(\[\d*\w+\])?")


def dtype_of(text: str):
    """The type of this name. Raises ValueError where it is none of fixed size."""
    import numpy as np

    if not FIXED.fullmatch(text):
        raise ValueError(f"no such type of number: {text!r:.40}")
    return np.dtype(text)


def write_array(value, out) -> list:
    if FIXED.fullmatch(value.dtype.str):
        return ["array", value.dtype.str, list(value.shape), value.tobytes()]
    items = value.ravel().tolist()
    if all_native(items):
        return ["OBJECTS", list(value.shape), items]
    return ["objects", list(value.shape), [out(item) for item in items]]


def _writer(kind: type) -> Write | None:
    import numpy as np

    if issubclass(kind, np.generic):
        return lambda v, out: ["scalar", v.dtype.str, v.tobytes()] if FIXED.fullmatch(v.dtype.str) else out(v.item())
    if kind is np.poly1d:
        return lambda v, out: ["polynomial", out(v.coeffs)]
    return write_array if kind is np.ndarray else None


def _read_array(read, dtype, shape, data):
    import numpy as np

    return np.frombuffer(data, dtype_of(dtype)).reshape(shape).copy()


def _read_objects(read, shape, items):
    import numpy as np

    flat = np.empty(len(items), dtype=object)
    flat[:] = [read(item) for item in items] if read else checked(items)
    return flat.reshape(shape)


def _read_polynomial(read, coefficients):
    import numpy as np

    coefficients = read(coefficients)
    if not isinstance(coefficients, np.ndarray) or coefficients.ndim != 1 or coefficients.dtype.kind not in "iufc":
        raise ValueError("no coefficients")
    return np.poly1d(coefficients)


def _become(value, now) -> None:
    value.resize(now.shape, refcheck=False)
    value[...] = now


LIBRARY = Library(
    "numpy",
    writer=_writer,
    mutable={"ndarray": _become},
    environment={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    readers={
        "array": _read_array,
        "objects": _read_objects,
        "polynomial": _read_polynomial,
        "OBJECTS": lambda read, shape, items: _read_objects(None, shape, items),
        "scalar": lambda read, dtype, data: _read_array(read, dtype, [1], data)[0],
    },
)
