"""Operators of tensors and variables make 1.15.5's operations, by their names, and its results.

Beside them stand Python's numbers, NumPy's, arrays, lists and variables, on either side. Where
1.15.5 makes an error of two operands, nothing is compared. `operators_of_tensors.json` is 1.15.5's:
`python test_operators_of_tensors.py PYTHON_WITH_1.15.5` makes it.
"""

import hashlib
import json
import os
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPT, KEPT = (os.path.join(HERE, "operators_of_tensors" + end) for end in (".py", ".json"))
AN_ERROR = "an error"


def pairs(text):
    """(left, operator, right) -> what is made, rounded."""
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("[")]
    return {tuple(line[:3]): rounded(line[3:]) for line in lines}


def rounded(part):
    if isinstance(part, list):
        return [rounded(each) for each in part]
    return f"{part:.5g}" if isinstance(part, float) else part


def digests(made):
    """left operator -> a digest of what each right operand gives, or "-" where it is an error."""
    known = {}
    for (left, operator, _), each in made.items():
        digest = "-" if each[0] == AN_ERROR else hashlib.sha256(
            json.dumps(each).encode()).hexdigest()[:5]
        known.setdefault(f"{left} {operator}", []).append(digest)
    return {name: " ".join(row) for name, row in known.items()}


def there(python, *words):
    environment = {name: value for name, value in os.environ.items()
                   if name != "TF2_BEHAVIOR"}       # which TensorFlow 2 sets, and 1.15.5 obeys
    done = subprocess.run([python, SCRIPT, *words], stdout=subprocess.PIPE, check=True,
                          stderr=subprocess.DEVNULL, universal_newlines=True, env=environment)
    return pairs(done.stdout)


def here(script, flags, words):
    done = script("run_legacy.py", *flags, SCRIPT, *words, python=sys.executable)
    assert done.returncode == 0, done.stderr
    return pairs(done.stdout)


@pytest.mark.parametrize("python2", [False, True])
def test_operators_make_what_was_kept_of_1_15_5(script, python2):
    with open(KEPT) as file:
        kept = json.load(file)[python2]
    found = digests(here(script, ["--python2"] * python2, []))
    assert found.keys() == kept.keys()
    differ = [(name, place) for name, row in kept.items() for place, (wanted, got) in enumerate(
        zip(row.split(), found[name].split())) if wanted not in ("-", got)]
    assert not differ


@pytest.mark.release
@pytest.mark.parametrize("python2", [False, True])
def test_operators_make_what_1_15_5_itself_does(script, other_python, python2):
    wanted = there(other_python, "all", *["python2"] * python2)
    found = here(script, ["--python2"] * python2, ["all"])
    assert found.keys() == wanted.keys() and len(wanted) > 8000
    differ = [(pair, wanted[pair], found[pair]) for pair in wanted
              if wanted[pair][0] != AN_ERROR and wanted[pair] != found[pair]]
    assert not differ, differ[:3]


if __name__ == "__main__":
    with open(KEPT, "w") as file:
        json.dump([digests(there(sys.argv[1], *words)) for words in ([], ["python2"])], file,
                  separators=(",", ":"))
        file.write("\n")
