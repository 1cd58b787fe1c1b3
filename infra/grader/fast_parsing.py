"""Parses LaTeX in two stages, which takes a quarter off a comparison.

ANTLR's parser predicts with a stack of contexts (LL) where one token ahead does not tell. Prediction
without it (SLL) gives the same tree or a syntax error, by ANTLR's own promise, and is enough for
nearly all answers; where it fails the text is parsed as it would have been.
"""

from antlr4.atn.PredictionMode import PredictionMode
from latex2sympy2_extended.latex2sympy2 import _Latex2Sympy

parse_with_contexts = _Latex2Sympy.parse
create_parser_with_contexts = _Latex2Sympy.create_parser


def parse_in_two_stages() -> None:
    _Latex2Sympy.create_parser = create_parser
    _Latex2Sympy.parse = parse


def parse(self, text: str):
    self.prediction = PredictionMode.SLL
    try:
        return parse_with_contexts(self, text)
    except Exception:
        self.prediction = PredictionMode.LL
        return parse_with_contexts(self, text)


def create_parser(self, text: str):
    parser = create_parser_with_contexts(self, text)
    parser._interp.predictionMode = self.prediction
    return parser
