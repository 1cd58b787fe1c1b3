"""Reads the asserts of Python tests as calls with an expected value.

JSON lines in: {"test", "parameters"}, the source of the tests, and the names of the parameters where
calls name them. JSON lines out: {"function", "cases", "tolerance"}, or null where the tests are more
than calls with values that JSON can hold.
"""

import ast
import json
import sys


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            print(json.dumps(read(ast.parse(request["test"]), request["parameters"])))
        except (NotACall, SyntaxError, ValueError, MemoryError):
            print("null")


class NotACall(Exception):
    pass


def read(module, parameters):
    body = module.body
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == "check":
            body = node.body
    found = [read_assert(node.test, parameters) for node in body if isinstance(node, ast.Assert)]
    others = (ast.Assert, ast.Pass, ast.Import, ast.ImportFrom, ast.Assign)
    if not found or not all(isinstance(node, others) or is_aside(node) for node in body):
        raise NotACall
    names = {each["function"] for each in found}
    if len(names) > 1:
        raise NotACall
    tolerances = {each["tolerance"] for each in found}
    return {
        "function": names.pop(),
        "cases": [{"arguments": each["arguments"], "expected": each["expected"]} for each in found],
        "tolerance": max(tolerances) if tolerances != {0} else 0,
    }


def is_aside(node):
    """A comment in the form of a string, or the call of `check` itself."""
    return isinstance(node, ast.Expr)


def read_assert(test, parameters):
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        left, right, operator = test.left, test.comparators[0], test.ops[0]
        if isinstance(operator, (ast.Eq, ast.Is)):
            call, value = (left, right) if is_call(left) else (right, left)
            return {**read_call(call, parameters), "expected": value_of(value), "tolerance": 0}
        if isinstance(operator, (ast.Lt, ast.LtE)):
            return read_distance(left, value_of(right), parameters)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return {**read_call(test.operand, parameters), "expected": False, "tolerance": 0}
    return {**read_call(test, parameters), "expected": True, "tolerance": 0}


def read_distance(node, most, parameters):
    """`abs(f(x) - y) < tolerance`"""
    if not is_call(node) or getattr(node.func, "id", "") != "abs":
        raise NotACall
    difference = node.args[0]
    if not isinstance(difference, ast.BinOp) or not isinstance(difference.op, ast.Sub):
        raise NotACall
    call = read_call(difference.left, parameters)
    return {**call, "expected": value_of(difference.right), "tolerance": most}


def is_call(node):
    return isinstance(node, ast.Call)


def read_call(node, parameters):
    if not is_call(node) or not isinstance(node.func, ast.Name):
        raise NotACall
    if node.func.id in ("set", "sorted", "len", "tuple", "list", "math", "round", "all", "any"):
        raise NotACall
    arguments = [value_of(each) for each in node.args]
    named = {each.arg: value_of(each.value) for each in node.keywords}
    rest = parameters[len(arguments) :]
    if set(rest) - set(named) and named or not set(named) <= set(rest):
        raise NotACall
    return {"function": node.func.id, "arguments": arguments + [named[name] for name in rest if name in named]}


def value_of(node):
    value = ast.literal_eval(node)
    check_value(value)
    return value


def check_value(value):
    if isinstance(value, list):
        for each in value:
            check_value(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            check_value(each)
            if not isinstance(key, str):
                raise NotACall
    elif value is not None and not isinstance(value, (bool, int, float, str)):
        raise NotACall


main()
