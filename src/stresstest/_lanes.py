"""Sixteen futures at once: a value type for the compiler, so that a rule written for one future runs on LANES of them.

A processor can add eight or sixteen numbers in one step, and the compiler does not find by itself that rules over futures may
be run so: it cannot see that rows of one array never overlap. So a rule is compiled for `Lanes`, a value that holds one number
for each of LANES futures, and for `rows_of(array)`, a view in which x[k, i] is the i-th group of futures of row k:

    for i in range(groups):
        d[PAID, i] = max(0.0, d[PRICE, i] - p[FLOOR])

reads the same whether i counts futures (plain Python, plain arrays) or groups of them. What a rule must not do is branch on a
number that differs between futures: `pick(condition, a, b)` chooses in each of them instead, & and | join conditions, and
`somewhere(condition)` says whether any of a group fulfils it. Branches on what all futures share (a year, a clause's numbers)
stay as they are. Every operation is the one of IEEE 754 on each number by itself, in the order written (no fused or reordered
steps), so that lanes, single numbers and plain Python give the same bits on any machine.

In plain Python (NUMBA_DISABLE_JIT) LANES is 1 and `rows_of` gives the array itself. The types are
`_lane_types`, what the functions do to one number is `_single`.
"""

from __future__ import annotations

import itertools
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin

from ._jit import COMPILED, rule
from ._lane_types import (
    DOUBLE,
    LONG,
    LONGS,
    PLAIN,
    VECTOR,
    _as,
    _called,
    _Mask,
    _operation,
    _spread,
    lanes,
    mask,
    words,
)  # fmt: skip
from ._lane_views import blank, block_of, rows_of, shared_of
from ._single import (
    add_words,
    counted_words,
    exponent_of,
    floor_of,
    mantissa_of,
    number_of_words,
    numbered,
    one_of,
    pick,
    root,
    rotate_words,
    somewhere,
    two_to,
    width_of,
    with_one,
    words_at,
    words_of,
)  # fmt: skip

__all__ = [
    "LANES", "add_words", "blank", "block_of", "counted_words", "exponent_of", "floor_of", "groups", "mantissa_of",
    "number_of_words", "numbered", "one_of", "pick", "root", "rotate_words", "rows_of", "shared_of", "somewhere", "two_to",
    "width_of", "with_one", "words_at", "words_of",
]  # fmt: skip

LANES = 16 if COMPILED else 1


@rule
def groups(n: int) -> int:
    """Groups of LANES futures that hold n futures."""
    return (n + LANES - 1) // LANES


# ── functions of this module ───────────────────────────────────────────────────────────────────────────────────────
def _function(function: Any, want: Any, gives: Any, count: int, emit: Any, alone: Any = None) -> None:
    """As _operation, and on single numbers too, with the same instructions; `alone` is what they give."""
    _operation(function, want, gives, count, emit)
    if alone is None:
        return
    given = types.float64 if want == lanes else types.uint64

    class Alone(AbstractTemplate):
        key = function

        def generic(self, args: Any, kws: Any) -> Any:
            return signature(alone, *args) if len(args) == count and all(isinstance(a, PLAIN) for a in args) else None

    infer_global(function)(Alone)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return emit(builder, *(context.cast(builder, v, k, given) for v, k in zip(args, sig.args, strict=True)))

    for kinds in itertools.product(PLAIN, repeat=count):
        lower_builtin(function, *kinds)(lower)


def _like(value: Any, one: Any) -> Any:
    """The type `one`, or a vector of it where value is a vector."""
    return ir.VectorType(one, 16) if isinstance(value.type, ir.VectorType) else one


def _constant(kind: Any, number: Any) -> Any:
    return ir.Constant(kind, [number] * 16 if isinstance(kind, ir.VectorType) else number)


def _emit_exponent(builder: Any, x: Any) -> Any:
    long = _like(x, LONG)
    biased = builder.lshr(builder.bitcast(x, long), _constant(long, 52))
    return builder.sitofp(builder.sub(biased, _constant(long, 1023)), x.type)


def _emit_mantissa(builder: Any, x: Any) -> Any:
    long = _like(x, LONG)
    kept = builder.and_(builder.bitcast(x, long), _constant(long, (1 << 52) - 1))
    return builder.bitcast(builder.or_(kept, _constant(long, 1023 << 52)), x.type)


def _emit_two_to(builder: Any, e: Any) -> Any:
    long = _like(e, LONG)
    return builder.bitcast(
        builder.shl(builder.add(builder.fptosi(e, long), _constant(long, 1023)), _constant(long, 52)), e.type
    )


def _emit_add_words(builder: Any, a: Any, b: Any) -> Any:
    both = builder.add(a, b)
    return both if isinstance(a.type, ir.VectorType) else builder.and_(both, LONG((1 << 32) - 1))


def _emit_rotate(builder: Any, word: Any, left: Any) -> Any:
    if isinstance(word.type, ir.VectorType):
        return _called("llvm.fshl")(builder, word, word, left)
    back = builder.sub(LONG(32), left)
    return builder.and_(builder.or_(builder.shl(word, left), builder.lshr(word, back)), LONG((1 << 32) - 1))


_function(root, lanes, lanes, 1, _called("llvm.sqrt"), types.float64)
_function(floor_of, lanes, lanes, 1, _called("llvm.floor"), types.float64)
_function(exponent_of, lanes, lanes, 1, _emit_exponent, types.float64)
_function(mantissa_of, lanes, lanes, 1, _emit_mantissa, types.float64)
_function(two_to, lanes, lanes, 1, _emit_two_to, types.float64)
_function(add_words, words, words, 2, _emit_add_words, types.uint64)
_function(rotate_words, words, words, 2, _emit_rotate, types.uint64)
_function(
    number_of_words, words, lanes, 1, lambda builder, x: builder.uitofp(x, _like(x, DOUBLE)), types.float64
)  # fmt: skip


@infer_global(pick)
class _Pick(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        condition, yes, no = args
        if not isinstance(condition, (_Mask, types.Boolean)):
            return None
        if words in (yes, no):
            return signature(words, *args)
        if lanes in (yes, no) or (condition == mask and mask not in (yes, no)):
            return signature(lanes, *args)
        if mask in (yes, no) or condition == mask:
            return signature(mask, *args)
        both = self.context.unify_pairs(yes, no)
        return signature(both, condition, both, both) if isinstance(both, PLAIN) else None


@lower_builtin(pick, types.Any, types.Any, types.Any)
def _lower_pick(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    if isinstance(sig.return_type, PLAIN):
        return builder.select(*args)
    yes, no = (_as(context, builder, v, k, sig.return_type) for v, k in zip(args[1:], sig.args[1:], strict=True))
    return builder.select(args[0], yes, no)


@infer_global(somewhere)
class _Somewhere(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(types.boolean, *args) if isinstance(args[0], (_Mask, types.Boolean)) else None


@lower_builtin(somewhere, types.Any)
def _lower_somewhere(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    if sig.args[0] != mask:
        return args[0]
    bits = builder.bitcast(args[0], ir.IntType(16))
    return builder.icmp_unsigned("!=", bits, bits.type(0))


def _counted(builder: Any, start: Any) -> Any:
    return builder.add(_spread(builder, start, LONGS), ir.Constant(LONGS, list(range(16))))


@infer_global(numbered)
class _Numbered(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(lanes, types.int64)


@lower_builtin(numbered, types.Integer)
def _lower_numbered(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.sitofp(_counted(builder, args[0]), VECTOR[lanes])


@infer_global(counted_words)
class _CountedWords(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(types.UniTuple(words, 2), types.int64)


@lower_builtin(counted_words, types.Integer)
def _lower_counted_words(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    numbers = _counted(builder, args[0])
    low = builder.trunc(numbers, VECTOR[words])
    high = builder.trunc(builder.lshr(numbers, ir.Constant(LONGS, [32] * 16)), VECTOR[words])
    return context.make_tuple(builder, sig.return_type, [low, high])


@infer_global(words_of)
class _WordsOf(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(words, lanes if args[0] == lanes else types.uint64)


@lower_builtin(words_of, types.Any)
def _lower_words_of(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    if sig.args[0] == lanes:
        return builder.fptoui(args[0], VECTOR[words])
    return _as(context, builder, args[0], sig.args[0], words)


@infer_global(words_at)
class _WordsAt(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        table = args[0]
        fits = isinstance(table, types.Array) and table.dtype == types.uint32 and table.layout == "C"
        return signature(words, table, types.int64) if fits else None


@lower_builtin(words_at, types.Array, types.Integer)
def _lower_words_at(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table = context.make_array(sig.args[0])(context, builder, args[0])
    address = builder.gep(table.data, [args[1]])
    return builder.load(builder.bitcast(address, VECTOR[words].as_pointer()), align=4)


@infer_global(width_of)
class _WidthOf(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(types.int64, *args)


@lower_builtin(width_of, types.Any)
def _lower_width_of(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return LONG(16 if sig.args[0] == lanes else 1)


@infer_global(one_of)
class _OneOf(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(types.float64, lanes if args[0] == lanes else types.float64, types.int64)


@lower_builtin(one_of, types.Any, types.Integer)
def _lower_one_of(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.extract_element(*args) if sig.args[0] == lanes else args[0]


@infer_global(with_one)
class _WithOne(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        kind = lanes if args[0] == lanes else types.float64
        return signature(kind, kind, types.int64, types.float64)


@lower_builtin(with_one, types.Any, types.Integer, types.Float)
def _lower_with_one(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.insert_element(args[0], args[2], args[1]) if sig.args[0] == lanes else args[2]
