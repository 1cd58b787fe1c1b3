"""LeetCode's linked lists and binary trees, from the lists that tests hold and back."""

import ast
import re

# No test holds more; a list that runs in a circle does.
MOST_NODES = 1_000_000
NODE = re.compile(r"\b(ListNode|TreeNode)\b")
SEVERAL = re.compile(r"\b[Ll]ist\[.*\b(?:ListNode|TreeNode)\b")


class ListNode:
    def __init__(self, val=0, next=None):
        self.val = val
        self.next = next


class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val = val
        self.left = left
        self.right = right


CLASSES = {"ListNode": ListNode, "TreeNode": TreeNode}


class Signature:
    """Which parameters of a function are nodes, and whether its result is, by its annotations."""

    def __init__(self, function, starter_code):
        annotations = annotations_in(starter_code, function.__name__) or annotations_of(function)
        self.parameters, self.result = annotations

    def build(self, arguments, names):
        """The arguments as the function wants them; `names`: where the program's own classes are."""
        kinds = self.parameters + [""] * len(arguments)
        return [build(argument, kind, names) for argument, kind in zip(arguments, kinds)]

    def written(self, value, changed):
        """The result, or the argument `changed`, as tests have it: no node is an empty list or tree."""
        kinds = [self.result] if changed is None else self.parameters[changed : changed + 1]
        kind = "".join(kinds)
        if SEVERAL.search(kind):
            return [as_empty(each) for each in value] if isinstance(value, list) else value
        return as_empty(value) if NODE.search(kind) else value


def as_empty(value):
    return [] if value is None else value


def annotations_of(function):
    """The texts of a function's annotations: of its parameters but `self`, and of its result."""
    code = getattr(function, "__code__", None)
    if code is None:
        return [], ""
    found = {name: text_of(each) for name, each in function.__annotations__.items()}
    first = 1 if getattr(function, "__self__", None) is not None else 0
    names = code.co_varnames[first : code.co_argcount]
    return [found.get(name, "") for name in names], found.get("return", "")


def text_of(annotation):
    return annotation if isinstance(annotation, str) else repr(annotation)


def annotations_in(starter_code, name):
    """The same of a definition's head, as the problem gives it; None where it tells of no node."""
    if not NODE.search(starter_code or ""):
        return None
    head = re.search(rf"^[ \t]*(def\s+{re.escape(name)}\s*\(.*?\)[^:()]*):", starter_code, re.M | re.S)
    try:
        definition = ast.parse(f"{head[1]}: pass").body[0]
    except (SyntaxError, TypeError):
        return None
    parameters = [each for each in definition.args.args if each.arg != "self"]
    texts = [ast.unparse(each.annotation) if each.annotation else "" for each in parameters]
    return texts, ast.unparse(definition.returns) if definition.returns else ""


def build(value, kind, names):
    node = NODE.search(kind)
    if node is None or not isinstance(value, list):
        return value
    make = names.get(node[1], CLASSES[node[1]])
    assemble = linked_list if node[1] == "ListNode" else tree
    if SEVERAL.search(kind):
        return [assemble(each, make) if isinstance(each, list) else each for each in value]
    return assemble(value, make)


def linked_list(values, make):
    first = None
    for value in reversed(values):
        node = make(value)
        node.next = first
        first = node
    return first


def tree(values, make):
    """From LeetCode's order: level by level, the children of nodes that are there, `None` for none."""
    if not values or values[0] is None:
        return None
    root = make(values[0])
    waiting, rest = [root], iter(values[1:])
    for node in waiting:
        for side in ("left", "right"):
            value = next(rest, None)
            child = None if value is None else make(value)
            setattr(node, side, child)
            if child is not None:
                waiting.append(child)
    return root


def is_node(value):
    return hasattr(value, "val") and (hasattr(value, "next") or hasattr(value, "left"))


def as_list(node):
    return list_values(node) if hasattr(node, "next") else tree_values(node)


def list_values(node):
    values = []
    while node is not None:
        values.append(node.val)
        node = node.next
        check_size(values)
    return values


def tree_values(root):
    values, waiting = [], [root]
    for node in waiting:
        check_size(waiting)
        values.append(None if node is None else node.val)
        if node is not None:
            waiting.extend((node.left, node.right))
    while values and values[-1] is None:
        values.pop()
    return values


def check_size(nodes):
    if len(nodes) > MOST_NODES:
        raise ValueError("a list or tree without an end")
