"""Whether two mathematical answers are equal: math-verify proposes, precise arithmetic disposes.

math-verify compares constants to 15 digits after dropping what is close to 0, so it calls 2^-99 and
2^-98 equal, and 1/2004! and 1/2006!. A pair that it calls equal must also agree at high precision.
"""

from math_verify import LatexExtractionConfig, parse, verify
from sympy import (
    Basic,
    Eq,
    Expr,
    FiniteSet,
    Float,
    Interval,
    MatrixBase,
    Tuple,
    UnevaluatedExpr,
    nan,
    zoo,
)

# LaTeX only: by default it takes some number out of a text that it cannot parse.
EXTRACTION = [LatexExtractionConfig()]

DIGITS = 30
RELATIVE_TOLERANCE = 1e-12
# math-verify rounds to six decimals where one side is a decimal; this only bars gross differences.
ROUNDING_TOLERANCE = 1e-5


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
    has_decimal = contains_decimal(one) or contains_decimal(other)
    # First what is cheap: most pairs that differ do so in the first digits.
    if differ(one, other, ROUNDING_TOLERANCE if has_decimal else RELATIVE_TOLERANCE):
        return None
    if not math_verify_accepts(one, other):
        return None
    rounded = has_decimal and differ(one, other, RELATIVE_TOLERANCE)
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
