"""Spellings of a topic are one topic, and other topics stay apart; over the keywords of real papers too."""

from collections import defaultdict

import pytest
import yaml
from samples import DATA, MISSING, papers

from graph.files import TOPICS
from graph.names import slug
from graph.topics import topic_slug


@pytest.mark.parametrize(
    "names",
    [
        ("Large Language Model", "large language models", "LLM", "LLMs", "Large language models (LLMs)"),
        ("graph neural network", "Graph Neural Networks", "GNNs"),
        ("GAN", "generative adversarial networks", "Generative Adversarial Network (GAN)"),
        ("multi-agent reinforcement learning", "Multiagent Reinforcement Learning", "MARL", "multi-agent RL"),
        ("meta-learning", "metalearning", "Meta learning"),
        ("pre-trained models", "pretrained model"),
        ("fine-tuning", "finetuning"),
        ("dataset", "data sets", "datasets"),
        ("offline RL", "off-line reinforcement learning"),
        ("Gaussian process", "Gaussian processes"),
        ("adjacency matrix", "adjacency matrices"),
        ("variational inequality", "variational inequalities"),
        ("knowledge base", "knowledge bases"),
        ("social bias", "social biases"),
        ("GPT4", "GPT-4"),
        ("Fr\u00e9chet inception distance (FID)", "Frechet Inception Distance"),
    ],
    ids=lambda names: names[0],
)
def test_spellings_of_a_topic_meet(names: tuple[str, ...]) -> None:
    assert len({topic_slug(each) for each in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("language model", "large language model"),
        ("news", "new"),
        ("lens", "len"),
        ("k-means", "k-mean"),
        ("statistics", "statistic learning"),
        ("multiple instance learning", "multi instance learning"),
        ("autoencoder", "variational autoencoder"),
        ("graph (discrete mathematics)", "graph (abstract data type)"),
        ("GAN", "WGAN"),
        ("3D", "2D"),
        ("A* search", "search"),
    ],
)
def test_other_topics_stay_apart(one: str, other: str) -> None:
    assert topic_slug(one) != topic_slug(other)


@pytest.mark.parametrize(
    "name", ["robotics", "naive Bayes", "physics", "chaos", "Navier-Stokes", "dialogue analysis", "bias"]
)
def test_a_word_that_ends_in_s_is_not_always_a_plural(name: str) -> None:
    assert topic_slug(name) == slug(name)


@pytest.mark.parametrize("name", ["S", "ss", "()", "(LLM)", "\u6df1\u5ea6\u5b66\u4e60", "C++ (C)", "a (b-)"])
def test_any_keyword_has_a_path(name: str) -> None:
    path = topic_slug(name)
    assert path
    assert path == slug(path)


@pytest.mark.skipif(not DATA.is_dir(), reason=MISSING)
def test_keywords_of_real_papers_meet_only_if_their_words_do() -> None:
    groups = defaultdict[str, set[str]](set)
    for paper in papers("paperlists", 4000, 40):
        for name in paper.topics:
            groups[topic_slug(name)].add(slug(name))
    assert all(topic_slug(path) == path for path in groups)
    met = [names for names in groups.values() if len(names) > 1]
    assert len(met) >= 40
    short = yaml.safe_load(TOPICS.read_text(encoding="utf-8"))["abbreviations"]
    for names in met:
        plain = {each.replace("-", "") for each in names if not {*each.split("-"), *each.split("s-")} & short.keys()}
        plain = {each for each in plain if not each.endswith(tuple(f"{word}s" for word in short))}
        begin = min(plain, key=len, default="")[:-2]
        assert all(each.startswith(begin) for each in plain), names
