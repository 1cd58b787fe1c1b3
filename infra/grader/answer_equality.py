"""Whether two mathematical answers are equal: math-verify proposes, precise arithmetic disposes.

math-verify compares constants to 15 digits after dropping what is close to 0, so it calls 2^-99 and
2^-98 equal, and 1/2004! and 1/2006!. A pair that it calls equal must also agree at high precision.
"""

from math_verify import LatexExtractionConfig, parse, verify
from sympy import (
    Basic,
    Derivative,
    Eq,
    Expr,
    FiniteSet,
    Float,
    Integral,
    Interval,
    Limit,
    MatrixBase,
    Product,
    Rational,
    Sum,
    Tuple,
    UnevaluatedExpr,
    false,
    nan,
    sin,
    solve,
    true,
    zoo,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

# LaTeX only: by default it takes some number out of a text that it cannot parse.
EXTRACTION = [LatexExtractionConfig()]

DIGITS = 30
RELATIVE_TOLERANCE = 1e-12
# math-verify rounds to six decimals where one side is a decimal; so many digits must agree, too.
ROUNDING_TOLERANCE = 2e-6
# Where symbols are given numbers: all positive, since roots and logarithms are commonly read so.
POINTS = [(Rational(37, 29), Rational(11, 13)), (Rational(53, 83), Rational(19, 7))]
SAMPLES = [Rational(number, 7) for number in (-9999, -300, -71, -20, -8, -3, 2, 5, 9, 24, 80, 333, 9999)]
BEYOND_POINTS = (Sum, Product, Integral, Derivative, Limit)


def compare(reference: str, answer: str) -> tuple[str, str]:
    """Outcome and reason. Each side is handed over in a box: bare, some answers are lost."""
    gold = expressions(reference)
    if not gold:
        return "undecided", "suspect-reference"
    target = expressions(answer)
    if not target:
        return "undecided", "unparsable-answer"
    for one in gold:
        for other in target:
            reason = equality(one, other)
            if reason is not None:
                return "equal", reason
    return "different", "different"


def compare_as_shipped(reference: str, response: str) -> tuple[str, str]:
    """What math-verify says of two texts by its own defaults: extraction, rounding, and all."""
    gold = parse(reference, parsing_timeout=None)
    target = parse(response, parsing_timeout=None)
    accepts = verify(gold, target, timeout_seconds=None)
    return ("equal", "equal") if accepts else ("different", "different")


def equality(one, other) -> str | None:
    """The way in which two values are equal, None where they are not."""
    decimals = contains_decimal(one), contains_decimal(other)
    # Two decimals are what they say; one may be what the other value rounds to.
    tolerance = ROUNDING_TOLERANCE if any(decimals) and not all(decimals) else RELATIVE_TOLERANCE
    # First what is cheap: most pairs that differ do so in the first digits.
    if differ(one, other, tolerance):
        return None
    if not math_verify_accepts(one, other):
        return None
    if differ_somewhere(one, other, tolerance) or contradicts(one, other):
        return None
    rounded = any(decimals) and differ(one, other, RELATIVE_TOLERANCE)
    return "equal-when-rounded" if rounded else "equal"


def math_verify_accepts(gold, target) -> bool:
    # A set of numbers may be given as an inequality as well as the other way round.
    options = {"allow_set_relation_comp": True, "timeout_seconds": None, "raise_on_error": True}
    return verify(gold, target, **options)


def expressions(answer: str) -> list:
    """What math-verify parsed; the strings it falls back to where it could not are left out."""
    parsed = parse("\\boxed{" + answer + "}", EXTRACTION, parsing_timeout=None)
    return [item for item in parsed if not isinstance(item, str) and item not in (nan, zoo)]


def differ(one, other, tolerance: float) -> bool:
    """Whether two values are certainly different; False where that cannot be computed."""
    if isinstance(one, FiniteSet) and isinstance(other, FiniteSet):
        return any(all(differ(item, candidate, tolerance) for candidate in other) for item in one)
    if isinstance(one, Eq) and isinstance(other, Eq):
        return one.lhs == other.lhs and differ(one.rhs, other.rhs, tolerance)
    parts, counterparts = parts_of(one), parts_of(other)
    if parts is not None and counterparts is not None and len(parts) == len(counterparts):
        return any(differ(a, b, tolerance) for a, b in zip(parts, counterparts))
    if not (is_constant(one) and is_constant(other)):
        return False
    try:
        return numbers_differ(one, other, tolerance)
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        return False


def differ_somewhere(one, other, tolerance: float) -> bool:
    """Whether values with symbols in them are different numbers where the symbols are numbers."""
    if isinstance(one, Eq) and isinstance(other, Eq):
        return equations_differ(one, other)
    if isinstance(one, Relational) and isinstance(other, Relational):
        return any(truth(one, point) != truth(other, point) for point in SAMPLES)
    parts, counterparts = parts_of(one), parts_of(other)
    if parts is not None and counterparts is not None and len(parts) == len(counterparts):
        return any(differ_somewhere(a, b, tolerance) for a, b in zip(parts, counterparts))
    if not (isinstance(one, Expr) and isinstance(other, Expr)):
        return False
    if not (one.free_symbols | other.free_symbols):
        return False
    return any(differ(at(one, point), at(other, point), tolerance) for point in POINTS)


def equations_differ(one: Eq, other: Eq) -> bool:
    """True unless they are multiples of each other, or have solutions (which math-verify compared)."""
    if not (one.free_symbols | other.free_symbols):
        sides = ((one.lhs, other.lhs), (one.rhs, other.rhs))
        return any(differ(at(a, POINTS[0]), at(b, POINTS[0]), RELATIVE_TOLERANCE) for a, b in sides)
    try:
        factors = [at(one.lhs - one.rhs, point) / at(other.lhs - other.rhs, point) for point in POINTS]
        if not differ(factors[0], factors[1], RELATIVE_TOLERANCE):
            return False
        # It takes two equations for equal that it finds no solution of.
        return not (solve(one) and solve(other))
    except (ArithmeticError, AttributeError, NotImplementedError, TypeError, ValueError):
        return True


def contradicts(gold, target) -> bool:
    """`7 = 5` says nothing, though math-verify takes its last side for a value."""
    if not isinstance(target, Eq) or isinstance(gold, Relational):
        return False
    return differ(target.lhs, target.rhs, RELATIVE_TOLERANCE)


def truth(relation, point) -> object:
    substituted = at(relation, (point, point))
    return bool(substituted) if substituted in (true, false) else None


def at(value, point):
    """The value where every symbol is a number by its name; functions without a rule become one."""
    if value.has(*BEYOND_POINTS):
        return value
    first, step = point
    names = sorted({symbol.name for symbol in value.free_symbols})
    numbers = {name: first + step * (sum(map(ord, name)) % 97) / 31 for name in names}
    numbered = value.subs({symbol: numbers[symbol.name] for symbol in value.free_symbols})
    return numbered.replace(
        lambda part: isinstance(part, AppliedUndef),
        lambda part: sin(sum(part.args) + len(part.func.__name__)) + 3,
    )


def parts_of(value):
    if isinstance(value, MatrixBase):
        return value.flat()
    if isinstance(value, Tuple):
        return value.args
    if isinstance(value, Interval):
        return (value.start, value.end)
    return None


def is_constant(value) -> bool:
    # A percent sign parses as an unevaluated 1/100, which math-verify may read as a mere unit.
    return isinstance(value, Expr) and not value.free_symbols and not value.has(UnevaluatedExpr)


def contains_decimal(value) -> bool:
    return isinstance(value, (Basic, MatrixBase)) and value.has(Float)


def numbers_differ(one, other, tolerance: float) -> bool:
    left, right = complex_parts(one), complex_parts(other)
    size = max(abs(part) for part in (*left, *right))
    distance = max(abs(a - b) for a, b in zip(left, right))
    return bool(distance > tolerance * size)


def complex_parts(value):
    number = value.doit().evalf(DIGITS)
    return [0 if is_noise(part) else part for part in number.as_real_imag()]


def is_noise(number) -> bool:
    # What is left of a zero that sympy could not prove: a value without a significant digit.
    return isinstance(number, Float) and number._prec <= 1
