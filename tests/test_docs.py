"""What the documents say of the code is true of it."""

import glob
import json
import os
import re
import shutil

import pytest
from helpers import ROOT

from tf1gan import models
from tf1gan.cli import commands, training
from tf1gan.models import hyperparameters
from tf1gan.models.settings import has

TEXTS = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md"] + sorted(
    os.path.relpath(path, ROOT)
    for path in glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True))


def read(*names):
    with open(os.path.join(ROOT, *names), encoding="utf-8") as file:
        return file.read()


def table_of_flags():
    """The rows of models/hyperparameters.py as Markdown."""
    lines = ["| flag | what it does | default | models | source |", "|---|---|---|---|---|"]
    for group in hyperparameters.GROUPS:
        for row in group:
            having = [name for name, model in models.MODELS.items() if has(model, row.name)]
            if group is hyperparameters.OF_A_RUN or row.name in ("epochs", "steps"):
                having = list(models.MODELS)
            lines.append("| %s | %s | %s | %s | %s |" % (
                ", ".join(f"`{flag}`" for flag in (row.flag,) + row.aliases), row.help,
                training.default(row),
                "all" if len(having) == len(models.MODELS) else ", ".join(having), row.source))
    return "\n".join(lines)


def flags_page(text):
    """docs/flags.md with the table as it should be."""
    before, _, after = text.partition("| flag |")
    return before + table_of_flags() + "\n" + after.partition("\n\n")[2]


def table_of_recipes():
    """The recipes on the models' pages as Markdown, with what was measured of each."""
    measured = json.loads(read("docs", "recipes.json"))
    assert {name: list(scores) for name, scores in measured.items()} == {
        model.name: list(model.recipes) for model in models.MODELS.values()}
    lines = ["| model | `--recipe` | it stands for | trained for | minutes | Fréchet | digits "
             "| seeds |",
             "|---|---|---|---|---|---|---|---|"]
    for model in models.MODELS.values():
        for name, recipe in model.recipes.items():
            scores = measured[model.name][name]
            assert len({len(scores[key]) for key in ("frechet", "digits", "seeds")}) == 1
            flags = [f"`{hyperparameters.as_flags(values)}`"
                     for values in (recipe.values, scores["beside"]) if values]
            lines.append("| `%s` | `%s` | %s | %s | %s | %s | %s | %s |" % (
                (model.name, name, ", measured with ".join(flags), recipe.trained,
                 recipe.minutes or "") + tuple(", ".join(map(str, scores[key]))
                        for key in ("frechet", "digits", "seeds"))))
    return "\n".join(lines)


def results_page(text):
    """docs/results.md with the table as it should be."""
    before, _, after = text.partition("| model | `--recipe` |")
    return before + table_of_recipes() + "\n\n" + after.partition("\n\n")[2]


def test_the_table_of_recipes_is_that_of_the_pages():
    text = read("docs", "results.md")
    assert text == results_page(text), "python tests/test_docs.py writes docs/results.md"


@pytest.mark.parametrize("model", models.MODELS.values(), ids=lambda model: model.name)
def test_what_a_model_takes_is_said_of_its_own_length(model):
    count, unit = next((model.defaults[unit], unit) for unit in ("epochs", "steps")
                       if unit in model.defaults)
    assert model.takes.startswith(f"{count:,} {unit}")


def test_the_table_of_flags_is_that_of_the_hyperparameters():
    text = read("docs", "flags.md")
    assert text == flags_page(text), "python tests/test_docs.py writes docs/flags.md"


@pytest.mark.parametrize("model", list(models.MODELS))
def test_the_readme_and_the_help_agree_how_long_a_model_takes(model):
    row, = [line for line in read("README.md").splitlines() if line.startswith(f"| `{model}` | ")]
    assert models.MODELS[model].takes.rpartition(", ")[2] in row


def test_the_index_of_the_docs_has_every_page():
    listed = re.findall(r"^\| \[.*?\]\((.*?)\)", read("docs", "README.md"), re.M)
    pages = [os.path.relpath(path, os.path.join(ROOT, "docs"))
             for kind in ("md", "ipynb")
             for path in glob.glob(os.path.join(ROOT, "docs", "**", "*." + kind), recursive=True)]
    assert sorted(listed) == sorted(set(pages) - {"README.md"})


def heading_anchors(text):
    """What GitHub lets a link name of a page: its headings in lower case, with hyphens."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands_of(text):
    return set(re.findall(r"^    ((?:pip|python|tensorboard|tf1gan) .*)$", text, re.M))


def test_the_chinese_readme_has_the_commands_of_the_other_one():
    assert len(commands_of(read("README.md"))) > 8
    assert commands_of(read("README.zh-CN.md")) == commands_of(read("README.md"))


def in_order(text, runs):
    """What of a page's commands cannot be done after those before, a set of runs at its start.

    Args:
      runs: names -> the commands that train them; those of the page are added.
    """
    for words in map(str.split, re.findall(r"^    .*?(python scripts/.*)$", text, re.M)):
        named = {words[i + 1] for i, word in enumerate(words) if word == "--run"}
        if words[1] == "scripts/train.py":
            name = min(named, default=words[words.index("--model") + 1])
            if runs.setdefault(name, words) != words:
                yield f"{' '.join(words)}: trained already, by another command"
        for name in re.findall(r"logs/(\w+)", " ".join(words)):
            if name not in runs:
                yield f"{' '.join(words)}: no such run"
            elif "--best" in words and "--evaluate-every" not in runs[name]:
                yield f"{' '.join(words)}: it has no best generator"


def test_the_commands_of_the_pages_can_be_given_in_order():
    made = {}
    assert list(in_order(read("README.md"), made)) == [] and len(made) > 2
    assert list(in_order(read("README.zh-CN.md"), {})) == []
    for name in TEXTS[2:]:
        # A page stands for itself, or begins with the runs of the README.
        alone, after = ([*in_order(read(name), dict(runs))] for runs in ({}, made))
        assert not alone or not after, (name, alone, after)


@pytest.mark.parametrize("name", models.MODELS)
def test_the_chinese_readme_has_every_models_document_and_length(name):
    row, = re.findall(rf"^\| `{name}` (.*)$", read("README.zh-CN.md"), re.M)
    model = models.MODELS[name]
    numbers = re.findall(r"[\d,]*\d", row)
    assert numbers[0] == model.document[:3]
    assert set(re.findall(r"[\d,]*\d", model.takes)) <= set(numbers), (numbers, model.takes)


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_to_a_file_and_to_a_heading_of_it(name):
    for target, anchor in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", read(name)):
        if "://" not in target:
            path = os.path.normpath(os.path.join(ROOT, os.path.dirname(name), target)
                                    if target else os.path.join(ROOT, name))
            assert os.path.exists(path), target
            assert not anchor or anchor in heading_anchors(read(path)), (target, anchor)


def test_every_script_and_flag_that_is_named_exists(capsys):
    known = {"--logdir", "--samples_per_plugin"}        # TensorBoard's
    for command in commands.OF_THE_PACKAGE.values():
        with pytest.raises(SystemExit):
            command(["--help"])
        known.update(re.findall(r"--[a-z][a-z0-9-]*", capsys.readouterr().out))
    known.update({"--data-dir", "--out", "--fix", "--select"})
    known.update({"--no-deps", "--execute", "--to", "--import-mode"})   # pip, nbconvert, pytest
    known.update({"--other", "--uncalled", "--rounds"})     # tools in tests/legacy/
    for name in TEXTS:
        text = read(name)
        if os.path.basename(name) == "legacy.md":       # whose tables name others' scripts
            text = re.sub(r"^\|.*$", "", text, flags=re.M)
        if name == os.path.join("docs", "stylegan.md"):     # StyleGAN's scripts have their own
            text = re.sub(r" (run_generator|generate|run_training|train)\.py.*", "", text)
        for script in re.findall(r"(?<!legacy/)scripts/(\w+\.py)", text):
            assert os.path.isfile(os.path.join(ROOT, "scripts", script)), script
        if name != "CONTRIBUTING.md":
            named = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9_-]*[a-z0-9]", text))
            assert named <= known, (name, named - known)


def test_the_architecture_names_every_file():
    text = read("docs", "architecture.md")
    for folder, _, names in os.walk(os.path.join(ROOT, "tf1gan")):
        for name in names:
            if name.endswith(".py") and name != "__init__.py":
                assert f"`{name[:-3]}`" in text, os.path.join(folder, name)


def test_what_the_notebook_names_is_there():
    notebook = json.loads(read("docs", "tutorial.ipynb"))
    text = "".join(line for cell in notebook["cells"] if cell["cell_type"] == "markdown"
                   for line in cell["source"])
    for target in re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r"(scripts/\w+\.py)", text):
        folder = "docs" if target.endswith(".md") else "."
        assert os.path.exists(os.path.join(ROOT, folder, target)), target


def test_the_readmes_own_code_runs(tmp_path, small_data, trained, monkeypatch):
    shutil.copytree(trained("gan"), str(tmp_path / "logs" / "gan"))
    monkeypatch.chdir(tmp_path)
    for snippet in re.findall(r"```python\n(.*?)```", read("README.md"), re.S):
        made = {}
        exec(snippet.replace('"mnist_data"', f"{small_data!r}, validation_size=10"), made)
        images = made["feed"][made["graph"].x_real]     # as its model takes them
        assert (images.min(), images.max()) == made["graph"].model.image_range


def test_the_readme_says_which_models_take_which_images():
    in_unit, = re.findall(r"([^.]+) take images in \[0, 1\], the others in \[-1, 1\]",
                          read("README.md"))
    assert {name: model.image_range for name, model in models.MODELS.items()} == {
        name: (0, 1) if f"`{name}`" in in_unit else (-1, 1) for name in models.MODELS}


if __name__ == "__main__":
    for name, page in (("flags.md", flags_page), ("results.md", results_page)):
        written = page(read("docs", name))
        with open(os.path.join(ROOT, "docs", name), "w", encoding="utf-8") as file:
            file.write(written)
