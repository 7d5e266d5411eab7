"""A calculator for models: an expression as people write it, worked out by hand over its syntax tree.

The expression is a stranger's: no names but ours, no attributes, and no number that takes long to make.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from .failure import ToolFailed

LONGEST = 1000
DEEPEST = 60
BITS = 4096

Number = int | float

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e, "tau": math.tau}
OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(math, name) for name in ("sqrt", "exp", "log", "log2", "log10", "floor", "ceil", "hypot")},
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "degrees")},
    **{name: getattr(math, name) for name in ("radians", "sinh", "cosh", "tanh", "gcd", "lcm")},
    **{"abs": abs, "round": round, "min": min, "max": max, "sum": lambda *numbers: sum(numbers)},
}


async def calculate(arguments: Mapping[str, Any]) -> str:
    """What the `expression` comes to. Raises ToolFailed."""
    return str(evaluate(str(arguments["expression"])))


def evaluate(text: str) -> Number:
    """`^` is a power here, as in mathematics. Raises ToolFailed."""
    if len(text) > LONGEST:
        raise ToolFailed(_("The expression is longer than {count} characters.").format(count=LONGEST))
    written = text.replace("^", "**").replace("×", "*").replace("÷", "/").replace("−", "-").replace("π", "pi")
    try:
        return _value(ast.parse(written.strip(), mode="eval").body, 0)
    except ZeroDivisionError:
        raise ToolFailed(_("This divides by zero.")) from None
    except OverflowError:
        raise _too_large() from None
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError) as error:
        raise ToolFailed(_("This expression cannot be worked out: {reason}.").format(reason=error)) from None


def _value(node: ast.AST, depth: int) -> Number:
    if depth > DEEPEST:
        raise ValueError(_("it is nested too deeply"))
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _checked(value)
        case ast.Name(id=name) if name in CONSTANTS:
            return CONSTANTS[name]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            value = _value(operand, depth + 1)
            return -value if isinstance(sign, ast.USub) else value
        case ast.BinOp(left=left, op=sign, right=right):
            return _checked(_combined(sign, _value(left, depth + 1), _value(right, depth + 1)))
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
            return _checked(_called(name, [_value(each, depth + 1) for each in given]))
    raise ValueError(_("only numbers, + - * / // % ^ and known functions may stand in it"))


def _combined(sign: ast.operator, left: Number, right: Number) -> Any:
    if isinstance(sign, ast.Pow):
        return _power(left, right)
    if type(sign) not in OPERATORS:
        raise ValueError(_("only numbers, + - * / // % ^ and known functions may stand in it"))
    return OPERATORS[type(sign)](left, right)


def _power(base: Number, exponent: Number) -> Any:
    """Judged before it is made: nine digits can ask for a number that fills the memory."""
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and abs(base) > 1 and math.log2(abs(base)) * exponent > BITS:
        raise _too_large()
    return base**exponent


def _called(name: str, given: list[Number]) -> Any:
    if name == "factorial":
        return _factorial(*given)
    if name not in FUNCTIONS:
        raise ValueError(_("there is no function {name}").format(name=name))
    return FUNCTIONS[name](*given)


def _factorial(number: Number) -> int:
    if number > BITS // 8:
        raise _too_large()
    if number < 0 or number != int(number):
        raise ValueError(_("only whole numbers from 0 on have a factorial"))
    return math.factorial(int(number))


def _checked(value: Any) -> Number:
    if isinstance(value, complex):
        raise ValueError(_("its result is no real number"))
    if isinstance(value, int) and value.bit_length() > BITS:
        raise _too_large()
    if isinstance(value, float) and not math.isfinite(value):
        raise _too_large()
    return value


def _too_large() -> ToolFailed:
    return ToolFailed(_("A number in this is too large."))
