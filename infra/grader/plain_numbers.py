"""Keeps what a model wrote away from `eval`.

latex2sympy hands every number it meets to sympy as text, and sympy makes a text into a value by
making it into Python code. Numbers need no code (which is also what most of a comparison's time
went to); words and arithmetic on digits can call nothing and pass; any other text is refused.
"""

import re

import math_verify.parser
import sympy.parsing
from sympy import Float, Integer
from sympy.core.sympify import SympifyError
from sympy.parsing import sympy_parser

INTEGER = re.compile(r"[1-9][0-9]*|0", re.ASCII)
DECIMAL = re.compile(r"[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?", re.ASCII)
HARMLESS = re.compile(r"[A-Za-z][A-Za-z0-9]*|[-+*/^.()0-9\s×÷]+", re.ASCII)

parse_by_evaluation = sympy_parser.parse_expr


def read_numbers_without_evaluation() -> None:
    """Puts `parse_expr` below in the place of sympy's, for all who look it up."""
    for module in (sympy_parser, sympy.parsing, math_verify.parser):
        module.parse_expr = parse_expr


def parse_expr(text: str, *arguments, **options):
    if INTEGER.fullmatch(text):
        return Integer(int(text))
    if DECIMAL.fullmatch(text):
        return Float(text)
    if HARMLESS.fullmatch(text):
        return parse_by_evaluation(text, *arguments, **options)
    raise SympifyError(text)
