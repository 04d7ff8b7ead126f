"""What a student sees of a run in TensorBoard, in a real browser."""

import os
import re
import shutil
import time

import browser
import pytest
from test_tensorboard import served

CHROMIUM = browser.find()
pytestmark = [
    pytest.mark.slow, pytest.mark.skipif(
        CHROMIUM is None, reason=f"no Chromium: looked for {', '.join(browser.NAMES)}, and "
                                 "TF1GAN_CHROMIUM names none")]


@pytest.fixture(scope="module")
def page(tmp_path_factory, sure_run, trained):
    """A function that opens one of TensorBoard's pages on two runs and returns the browser's.

    There is a state to be seen in the first one's.
    """
    logdir = str(tmp_path_factory.mktemp("logs"))
    for name, folder in (("gan", sure_run[0]), ("plain_dcgan", trained("plain_dcgan"))):
        shutil.copytree(folder, os.path.join(logdir, name), copy_function=os.link)
    with served(logdir, {"gan", "plain_dcgan"}) as port, browser.opened(CHROMIUM) as tab:
        def opened(name):
            tab.open(f"http://127.0.0.1:{port}/#{name}")
            return tab
        yield opened


def shows(tab, *words, after=""):
    """Waits until a page has all of these words behind a first, and sees that it has no error."""
    tab.wait(lambda: all(word in tab.text().partition(after)[2] if after else word in tab.text()
                         for word in words))
    text = tab.text()
    assert tab.errors == []
    assert not re.search(r"\berror\b|No dashboards are active|No data|was not found", text, re.I)
    return text


def picture(tab, name):
    """Keeps what is seen, to be looked at, where TF1GAN_PICTURES names a folder."""
    if os.environ.get("TF1GAN_PICTURES"):
        tab.picture(os.path.join(os.environ["TF1GAN_PICTURES"], name + ".png"))


def test_the_scalars_open_on_the_losses(page):
    tab = page("scalars")
    text = shows(tab, "loss/generator", "loss/discriminator", "outputs", "speed")
    picture(tab, "scalars")
    assert text.index("loss/discriminator") < text.index("outputs")


def test_one_chart_has_both_losses_and_one_both_outputs_of_d(page):
    tab = page("custom_scalars")
    shows(tab, "losses of G and D", "D's outputs on real and generated images",
          "Matches (4)")        # two lines of each of two runs
    picture(tab, "custom_scalars")


def test_the_images_have_a_slider_through_the_learning(page):
    tab = page("images")
    shows(tab, "samples/learning", "step", "200")
    tab.wait(lambda: tab.run(WIDE_IMAGES) >= 2)
    picture(tab, "images")


def test_the_graph_can_be_read_at_its_own_size(page):
    tab, names = page("graphs"), {"generator", "discriminator", "loss", "optimizer", "iteration"}
    shows(tab, "Main Graph")
    tab.wait(lambda: names <= set(tab.run(LETTER_HEIGHTS)))
    time.sleep(1)               # it is moved into its place
    heights = tab.run(LETTER_HEIGHTS)
    picture(tab, "graphs")
    assert all(heights[name] >= 8 for name in names), heights


def test_the_runs_are_rows_of_a_table(page):
    tab = page("hparams")
    shows(tab, "plain_dcgan", "learning_rate", "loss/generator", after="Trial ID")
    picture(tab, "hparams")


def test_states_are_words_and_no_tab_projects_the_weights(page):
    tab = page("text")
    text = shows(tab, "hyperparameters", "learning_rate", "the discriminator has saturated")
    picture(tab, "text")
    assert "HPARAMS" in text.upper() and "PROJECTOR" not in text.upper()


# How many pictures are drawn at least 100 pixels wide.
WIDE_IMAGES = """(() => {
    const found = [];
    const visit = (node) => {
        if (node.tagName === 'IMG' && node.naturalWidth && node.clientWidth >= 100)
            found.push(node);
        for (const child of [...(node.shadowRoot ? node.shadowRoot.childNodes : []),
                             ...node.childNodes]) visit(child);
    };
    visit(document.body);
    return found.length;
})()"""

# The height in pixels of each word in the drawing of the graph.
LETTER_HEIGHTS = """(() => {
    const found = {};
    const visit = (node) => {
        if (node.tagName === 'text' && node.getBoundingClientRect().height)
            for (const part of node.childNodes)     // beside its title, the same again
                if (part.nodeType === Node.TEXT_NODE)
                    found[part.textContent.trim()] = node.getBoundingClientRect().height;
        for (const child of [...(node.shadowRoot ? node.shadowRoot.childNodes : []),
                             ...node.childNodes]) visit(child);
    };
    visit(document.body);
    return found;
})()"""
