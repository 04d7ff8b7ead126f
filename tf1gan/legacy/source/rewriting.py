"""The script's own operators, replaced by calls of `promotion`'s where their operands may need it.

Plain numbers, strings and arrays of one type need nothing, and a call costs as much as an addition
of numbers. So an expression is left as it is where that is known; a loop of which enough would be
known if some names were plain when it begins is there twice, with a test of those before it; and a
function's expressions of names are tested where they stand:

    for i in range(n): s = s + i * 2

    if range is Python's and type(s) in PLAIN:
        for i in range(n): s = s + i * 2
    else:
        for i in range(n): s = add(s, mul(i, 2))
"""

import ast
import contextlib
import copy

from tf1gan.legacy.source import array_trees, inserted, methods, single_element_trees
from tf1gan.legacy.source.name_facts import (
    Scope,
    bindings,
    certain,
    loop_facts,
    names_bound,
    unknown,
    within,
)
from tf1gan.legacy.source.plain_kinds import (
    FLOAT,
    INT,
    OTHER,
    PLAIN,
    TEXT,
    Facts,
    is_plain,
    kind_of,
    needs_nothing,
)
from tf1gan.legacy.source.promotion import BINARY, COMPARISONS


def rewrite(tree, operators, division="truediv"):
    """A module's syntax tree, with the operators in `operators` and lost methods replaced by calls.

    `division` is the one that stands in for `/`.
    """
    return ast.fix_missing_locations(_Rewriter(tree, operators, division).visit(tree))


_TESTED = 8         # so many names are tested before a loop at most
# A loop with one of these is there once.
_ONCE = (ast.Global, ast.Nonlocal, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class _Rewriter(ast.NodeTransformer):

    def __init__(self, tree, operators, division):
        self._operators, self._binary = operators, {**BINARY, ast.Div: division}
        self._scope = Scope(frozenset(), frozenset(names_bound(tree)))
        self._globals = set().union(*map(certain, tree.body))
        self._facts, self._bound = Facts(), set()
        self._in_function = self._in_class = False
        self._is_settled = False        # in one of a loop's two forms
        self._is_tested = False         # in one of an expression's two forms
        self._checks = 0                # calls and tests that have been made
        self._takes_elements = "of_elements" in operators
        self._of_elements = single_element_trees.functions(tree, self._scope.taken)

    # -- Operators --

    def visit_BinOp(self, node):
        name = self._binary.get(type(node.op))
        if name not in self._operators:
            return self.generic_visit(node)
        kinds = kind_of(node.left, self._facts), kind_of(node.right, self._facts)
        values = self._takes_elements and single_element_trees.formatted(node, self._facts)
        if values:
            self.generic_visit(node)
            return single_element_trees.or_plain(
                node, values, self._call("formatted", node, node.left, node.right))
        if self._leave(node, name, kinds):
            return self.generic_visit(node)
        return self._tested(node) or self._call(name, node, self.visit(node.left),
                                                self.visit(node.right))

    def visit_Compare(self, node):
        name = COMPARISONS.get(type(node.ops[0])) if len(node.ops) == 1 else None
        if name not in self._operators:
            return self.generic_visit(node)
        left, right = node.left, node.comparators[0]
        if needs_nothing(kind_of(left, self._facts), kind_of(right, self._facts)):
            return self.generic_visit(node)
        return self._tested(node) or self._call(name, node, self.visit(left), self.visit(right))

    def visit_AugAssign(self, node):
        """`a += b` changes an array in place; of a scalar it is `a = a + b`."""
        name = self._binary.get(type(node.op))
        calls = any(isinstance(part, (ast.Call, ast.NamedExpr, ast.Await))
                    for part in ast.walk(node.target))
        value = copy.deepcopy(node.target)
        value.ctx = ast.Load()
        kinds = kind_of(value, self._facts), kind_of(node.value, self._facts)
        if name not in self._operators or self._leave(node, name, kinds):
            return self.generic_visit(node)
        if calls:                                   # they are made once
            parts = self._takes_elements and single_element_trees.changed_once(node, self._facts)
            return [self.visit(each) for each in parts] if parts else self.generic_visit(node)
        whole = ast.BinOp(value, node.op, node.value)
        if isinstance(value, ast.Name) and self._in_function and name != "olddiv":
            forms = self._forms(whole, node, lambda node: ast.AugAssign(
                node.target, node.op, self.visit(node.value)), self._in_place)
            if forms is not None:
                test, kept, called = forms
                return ast.copy_location(ast.If(test, [ast.copy_location(kept, node)], [called]),
                                         node)
        return self._in_place(node)

    def _in_place(self, node):
        value = copy.deepcopy(node.target)
        value.ctx = ast.Load()
        name = "i" + self._binary[type(node.op)].rstrip("_")
        given = ast.copy_location(ast.Assign([copy.deepcopy(node.target)], node), node)
        is_element = self._takes_elements and not is_plain(kind_of(node.value, self._facts)) \
            and single_element_trees.may_be_set(given, Facts())
        made = self._call(name, node, self.visit(value), self.visit(node.value))
        made = ast.copy_location(ast.Assign([self.visit(node.target)], made), node)
        return single_element_trees.set_in(given, made) if is_element else made

    def visit_Assign(self, node):
        if not self._takes_elements or not single_element_trees.may_be_set(node, self._facts):
            return self.generic_visit(node)
        return single_element_trees.set_in(copy.deepcopy(node), self.generic_visit(node))

    def visit_Call(self, node):
        is_one = self._takes_elements and single_element_trees.is_of_elements(
            node, self._of_elements, self._facts)
        self.generic_visit(node)
        if not is_one:
            return node
        name = "of_element" if len(node.args) == 1 else "of_elements"
        return single_element_trees.or_plain(
            node, node.args, self._call(name, node, node.func, *node.args))

    def _leave(self, node, name, kinds):
        """Whether an operator may stay as it is; makes one of it that may."""
        if not needs_nothing(*kinds):
            return False
        if name == "olddiv" and not {FLOAT, TEXT, OTHER} & set(kinds):
            if set(kinds) != {INT}:
                return False
            node.op = ast.FloorDiv()
        return True

    def _tested(self, node):
        """An expression of names, as it is if what they name needs nothing; None for others."""
        forms = self._forms(node, node, self.visit, self.visit, arrays=True)
        return forms and ast.copy_location(ast.IfExp(*forms), node)

    def _forms(self, tree, node, keep, call, arrays=False):
        """(Test, form for plain values, form with calls) of a node, or None.

        Args:
          tree: the node as an expression.
          keep, call: make a form.
          arrays: whether the first form may be for arrays, too.
        """
        found = array_trees.names_and_operators(tree, self._operators, self._binary)
        names, operators = found or (set(), 0)
        if self._is_tested or not operators or len(names) > operators + (operators > 1):
            return None
        unknown_names = sorted(name for name in names if self._facts.kinds.get(name) is None)
        if not unknown_names:
            return None
        tests = [inserted.are_plain(unknown_names)] if self._in_function else []
        if arrays and array_trees.may_be_of_arrays(tree):
            tests.append(inserted.operator("need_nothing", *map(inserted.name, sorted(names))))
        if not tests:
            return None
        kinds = {**self._facts.kinds, **dict.fromkeys(unknown_names, PLAIN)}
        with self._kept(_facts=self._facts._replace(kinds=kinds), _is_tested=True):
            checks = self._checks
            kept = keep(copy.deepcopy(node))
            if self._checks != checks:
                self._checks = checks
                return None
        with self._kept(_is_tested=True):
            called = call(node)
        return tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests), kept, called

    def visit_Attribute(self, node):
        self.generic_visit(node)
        if node.attr not in methods.LOST or not isinstance(node.ctx, ast.Load):
            return node
        made = inserted.operator("attribute", node.value, ast.Constant(node.attr))
        return ast.copy_location(made, node)

    def _call(self, name, node, *operands):
        self._checks += 1
        return ast.copy_location(inserted.operator(name, *operands), node)

    # -- Loops --

    def visit_For(self, node):
        return self._in_two_forms(node, self._in_one_form, lambda test, one, other: ast.If(
            test, [one], [other]))

    visit_While = visit_For

    def visit_ListComp(self, node):
        return self._in_two_forms(node, self._comprehension, ast.IfExp)

    visit_SetComp = visit_DictComp = visit_ListComp

    def visit_GeneratorExp(self, node):
        """It runs when its names may be others."""
        with self._kept(_facts=Facts(trusted=self._facts.trusted), _is_settled=True):
            return self._comprehension(node)

    def _in_two_forms(self, node, made, either):
        """A loop, twice if that saves calls. An outer loop is, if it then has none at all."""
        if self._is_settled or self._in_class or any(
                isinstance(part, _ONCE) for part in within(node)):
            return made(node)

        def trial(facts):
            checks = self._checks
            with self._kept(_facts=facts, _is_settled=True):
                form = made(copy.deepcopy(node))
            needed, self._checks = self._checks - checks, checks
            return form, needed
        as_it_is, needed = trial(self._facts)
        facts, names = self._known_in(node)
        form, fewer = trial(facts)
        inner = any(isinstance(part, (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp))
                    for part in within(node) if part is not node)
        if fewer >= needed or fewer and inner or len(names) > _TESTED:
            return made(node)
        for name in sorted(names):          # those that save nothing are not tested
            other, tested = self._known_in(node, left_out=frozenset([name]))
            if name in names and trial(other)[1] == fewer and tested < names:
                facts, names = other, tested
        self._checks += fewer
        calls = {part.func.id for part in within(node)
                 if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)}
        tests = [ast.Compare(inserted.name(name), [ast.Is()], [inserted.attribute(name)])
                 for name in sorted(calls & facts.trusted - self._facts.trusted)]
        tests += [inserted.are_plain(sorted(names))] if names else []
        form, _ = trial(facts)
        if not tests:
            return form
        test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)
        return ast.copy_location(either(test, form, as_it_is), node)

    def _known_in(self, node, left_out=frozenset()):
        return loop_facts(node, self._facts, self._bound, self._scope, left_out)

    def _in_one_form(self, node):
        targets = {name for name, _ in unknown(node.target)} if hasattr(node, "target") else set()
        return self._parts(node, {"body": targets})

    def _comprehension(self, node):
        kinds = dict(self._facts.kinds)
        for name, kind in [each for part in node.generators for each in bindings(part)]:
            kinds[name] = kind(self._facts)
        with self._kept(_facts=self._facts._replace(kinds=kinds)):
            return self._parts(node)

    # -- Scopes and statements --

    def visit_FunctionDef(self, node):
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.args = self.visit(node.args)
        given = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
        own = given | {name for part in node.body for name, _ in bindings(part)}
        others = {name for part in ast.walk(node) if isinstance(part, (ast.Global, ast.Nonlocal))
                  for name in part.names}
        with self._kept(_scope=self._scope._replace(own=frozenset(own - others)), _facts=Facts(),
                        _bound=given | self._globals - own, _in_function=True, _in_class=False,
                        _is_settled=False):
            node.body = self._block(node.body)
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        with self._kept(_facts=Facts(), _in_function=True, _is_settled=True):
            return self._parts(node)

    def visit_ClassDef(self, node):
        with self._kept(_facts=Facts(), _in_function=False, _in_class=True):
            return self._parts(node)

    def generic_visit(self, node):
        return self._parts(node)

    def _parts(self, node, more=None):
        """Visits what a node has, each block with the names that are bound where it begins."""
        for field, value in ast.iter_fields(node):
            if isinstance(value, list):
                with self._kept(_bound=self._bound | (more or {}).get(field, set())):
                    value[:] = self._block(value)
            elif isinstance(value, ast.AST):
                setattr(node, field, self.visit(value))
        return node

    def _block(self, nodes):
        made = []
        for node in nodes:
            if not isinstance(node, ast.AST):
                made.append(node)
                continue
            names = certain(node) if isinstance(node, ast.stmt) else set()
            if isinstance(node, ast.Delete):
                self._bound = self._bound - {name for each in node.targets
                                             for name, _ in unknown(each)}
            visited = self.visit(node)
            made += visited if isinstance(visited, list) else [visited]
            self._bound = self._bound | names
        return made

    @contextlib.contextmanager
    def _kept(self, **values):
        """Other values of attributes for a while."""
        before = {name: getattr(self, name) for name in values}
        self.__dict__.update(values)
        try:
            yield
        finally:
            self.__dict__.update(before)
