"""The types behind `_lanes`: a number, a yes or no, and a 32-bit word for each of sixteen futures; views; their operators.

The compiler is told how the types look (vectors of LLVM), how plain numbers are spread over them, and what operators
do: the operation of IEEE 754 on each number by itself. Rests on numba's extension interface (`numba.extending`).
"""

from __future__ import annotations

import itertools
import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typeconv import Conversion
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import lower_builtin, lower_cast, lower_getattr, make_attribute_wrapper, models, register_model


# ── types ──────────────────────────────────────────────────────────────────────────────────────────────────────────
class _Lanes(types.Type):
    """One float64 for each future of a group."""

    def unify(self, typingctx: Any, other: Any) -> Any:
        return self if isinstance(other, (types.Number, types.Boolean)) else None

    def can_convert_from(self, typingctx: Any, other: Any) -> Any:
        return Conversion.promote if isinstance(other, types.Number) else None


class _Mask(types.Type):
    """One yes or no for each future of a group."""

    def unify(self, typingctx: Any, other: Any) -> Any:
        return self if isinstance(other, types.Boolean) else None


class _Words(types.Type):
    """One 32-bit word for each future of a group."""


class _Rows(types.Type):
    """The view of an array whose last index counts groups; `pitch`: bytes from row to row where that is known, else 0."""

    def __init__(self, ndim: int, pitch: int = 0) -> None:
        self.ndim, self.pitch = ndim, pitch
        self.steps = max(0, ndim - (2 if pitch else 1))
        super().__init__(name=f"rows({ndim}, {pitch})")


class _Shared(types.Type):
    """The view of an array of plain numbers that all futures share; `close`: neighbours lie side by side."""

    def __init__(self, ndim: int, dtype: Any, close: bool) -> None:
        self.ndim, self.dtype, self.close = ndim, dtype, close
        self.steps = ndim - 1 if close else ndim
        super().__init__(name=f"shared({ndim}, {dtype}, {close})")


lanes, mask, words = _Lanes("lanes"), _Mask("mask"), _Words("words")
DOUBLE, BIT, LONG, WORD = ir.DoubleType(), ir.IntType(1), ir.IntType(64), ir.IntType(32)
VECTOR = {lanes: ir.VectorType(DOUBLE, 16), mask: ir.VectorType(BIT, 16), words: ir.VectorType(WORD, 16)}
LONGS = ir.VectorType(LONG, 16)


@register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, VECTOR[lanes])


@register_model(_Mask)
class _MaskModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, VECTOR[mask])


@register_model(_Words)
class _WordsModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, VECTOR[words])


@register_model(_Rows)
class _RowsModel(models.StructModel):
    """Borrows the array's numbers: the array must outlive the view, so a rule takes views of its arguments only.

    `strides` holds the bytes from one to the next of the first `steps` indices; those of the others are known.
    """

    def __init__(self, manager: Any, kind: Any) -> None:
        sizes, steps = types.UniTuple(types.intp, kind.ndim), types.UniTuple(types.intp, kind.steps)
        super().__init__(manager, kind, [("data", types.voidptr), ("shape", sizes), ("strides", steps)])


@register_model(_Shared)
class _SharedModel(_RowsModel):
    """As a view of rows: the array must outlive it."""


make_attribute_wrapper(_Rows, "shape", "shape")
make_attribute_wrapper(_Shared, "shape", "shape")


@infer_getattr
class _SharedAttributes(AttributeTemplate):
    key = _Shared

    def resolve_size(self, view: Any) -> Any:
        return types.intp


@lower_getattr(_Shared, "size")
def _lower_size(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    view = cgutils.create_struct_proxy(kind)(context, builder, value=value)
    size = LONG(1)
    for extent in cgutils.unpack_tuple(builder, view.shape):
        size = builder.mul(size, extent)
    return size


# ── casts ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _spread(builder: Any, value: Any, vector: Any) -> Any:
    """The value in every lane."""
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), value, WORD(0))
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), ir.Constant(ir.VectorType(WORD, 16), [0] * 16))


def _as(context: Any, builder: Any, value: Any, have: Any, want: Any) -> Any:
    """`value` as lanes, mask or words."""
    if have == want:
        return value
    if want == lanes:
        value = context.cast(builder, value, have, types.float64)
    elif want == words:
        value = builder.trunc(context.cast(builder, value, have, types.uint64), WORD)
    else:
        value = context.cast(builder, value, have, types.boolean)
    return _spread(builder, value, VECTOR[want])


@lower_cast(types.Number, _Lanes)
@lower_cast(types.Boolean, _Lanes)
def _number_to_lanes(context: Any, builder: Any, have: Any, want: Any, value: Any) -> Any:
    return _as(context, builder, value, have, want)


@lower_cast(types.Boolean, _Mask)
def _bool_to_mask(context: Any, builder: Any, have: Any, want: Any, value: Any) -> Any:
    return _as(context, builder, value, have, want)


# ── operations ─────────────────────────────────────────────────────────────────────────────────────────────────────
PLAIN = (types.Number, types.Boolean)


def _typed(function: Any, want: Any, gives: Any, count: int) -> None:
    """Let `function` of `count` arguments take `want`, or plain numbers among them, and give `gives`."""

    class Template(AbstractTemplate):
        key = function

        def generic(self, args: Any, kws: Any) -> Any:
            fits = len(args) == count and all(a == want or isinstance(a, PLAIN) for a in args)
            return signature(gives, *args) if fits and want in args else None

    infer_global(function)(Template)


def _operation(function: Any, want: Any, gives: Any, count: int, emit: Any) -> None:
    """Type and lower an operation on each lane: emit(builder, *vectors)."""
    _typed(function, want, gives, count)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return emit(builder, *(_as(context, builder, v, k, want) for v, k in zip(args, sig.args, strict=True)))

    for kinds in itertools.product((type(want), types.Number, types.Boolean), repeat=count):
        if type(want) in kinds:
            lower_builtin(function, *kinds)(lower)


def _called(name: str, *kinds: Any) -> Any:
    """emit() that calls an LLVM intrinsic of one type."""

    def emit(builder: Any, *values: Any) -> Any:
        kind = values[0].type
        own = f"v16{'f64' if kind.element == DOUBLE else 'i32'}" if isinstance(kind, ir.VectorType) else "f64"
        called = ir.FunctionType(kind, [kind] * len(values))
        return builder.call(cgutils.get_or_insert_function(builder.module, called, f"{name}.{own}"), values)

    return emit


def _compare(sign: str) -> Any:
    return lambda builder, a, b: (builder.fcmp_unordered if sign == "!=" else builder.fcmp_ordered)(sign, a, b)


for _function, _name in ((operator.add, "fadd"), (operator.sub, "fsub"), (operator.mul, "fmul"), (operator.truediv, "fdiv")):
    for _own in (_function, getattr(operator, "i" + _function.__name__)):
        _operation(_own, lanes, lanes, 2, lambda builder, a, b, name=_name: getattr(builder, name)(a, b))
for _function, _sign in (
    (operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">="), (operator.eq, "=="), (operator.ne, "!="),
):  # fmt: skip
    _operation(_function, lanes, mask, 2, _compare(_sign))
for _function, _name in ((operator.and_, "and_"), (operator.or_, "or_"), (operator.xor, "xor")):
    _operation(_function, mask, mask, 2, lambda builder, a, b, name=_name: getattr(builder, name)(a, b))
for _function, _name in (
    (operator.xor, "xor"), (operator.and_, "and_"), (operator.or_, "or_"), (operator.mul, "mul"),
    (operator.lshift, "shl"), (operator.rshift, "lshr"),
):  # fmt: skip
    _operation(_function, words, words, 2, lambda builder, a, b, name=_name: getattr(builder, name)(a, b))
_operation(operator.lt, words, mask, 2, lambda builder, a, b: builder.icmp_unsigned("<", a, b))
_operation(operator.neg, lanes, lanes, 1, lambda builder, x: builder.fneg(x))
_operation(min, lanes, lanes, 2, lambda builder, a, b: builder.select(builder.fcmp_ordered("<", b, a), b, a))
_operation(max, lanes, lanes, 2, lambda builder, a, b: builder.select(builder.fcmp_ordered(">", b, a), b, a))
_operation(abs, lanes, lanes, 1, _called("llvm.fabs"))
