"""Who is who: which names can be one person's, what joins two authorships, and what keeps them apart."""

import pytest

from graph.identity.affiliations import Affiliations, organization_key
from graph.identity.evidence import Evidence
from graph.identity.forms import pairs
from graph.identity.mentions import Mention, PaperAuthors
from graph.identity.names import Namesakes, compatible
from graph.identity.rule import Identities
from graph.names import slug
from graph.sources.records import Identifier


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("K. A. Quill", "Kathryn A. Quill"),
        ("Dana H. Wren", "Dana Wren"),
        ("Greg Moss", "Gregory Moss"),
        ("Jun-Yan Zhu", "Junyan Zhu"),
        ("Ada Maria Stern", "Ada Stern"),
        ("Min Park", "Park Min"),
        ("James Supancic, III", "James Supancic"),
    ],
)
def test_names_of_one_person_can_differ_so(one: str, other: str) -> None:
    assert compatible(slug(one), slug(other))
    assert compatible(slug(other), slug(one))
    assert pairs([slug(one), slug(other)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Moss", "James Moss"),
        ("Jun Zhu", "Jun Yan Zhu"),  # a second syllable makes another name
        ("Wei Wang", "Weiqi Wang"),
        ("Zhi Zhang", "Zhikun Zhang"),
        ("Ada Quill", "Ada Wren"),
        ("Quill", "Ada Quill"),
        ("Ada B. Stern", "Ada C. Stern"),
    ],
)
def test_names_of_two_people_stay_apart(one: str, other: str) -> None:
    assert not compatible(slug(one), slug(other))


def test_a_name_is_rare_if_its_parts_are() -> None:
    names = [f"{given}-{family}" for given in "abcdefghij" for family in ("wang", "li", "zhang")]
    found = Namesakes([*(f"x{each}" for each in names), "ada-quillfeather"])
    assert found.expected("ada-quillfeather") < found.expected("xa-wang")
    assert found.expected("a-quillfeather") > 90  # an initial says little
    assert Namesakes(["wei-wang", "ada-quill"]).expected("ada-quill") > 1  # two names say nothing of how rare one is


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("University of Bologna", "Bologna University"),
        ("Université de Montréal", "Univ. Montreal"),
        ("Kites, Inc.", "Kites"),
        ("The Open University", "Open University"),
    ],
)
def test_spellings_of_an_organization_meet(one: str, other: str) -> None:
    assert organization_key(one) == organization_key(other)


def test_affiliations_are_alike_by_their_rare_words() -> None:
    known = ["Department of Robotics, Univ. of Kiteford", "Robotics, Kiteford, USA", "Department of Robotics, Wrenton"]
    assert Affiliations([*known, "Robotics, Mossley"]).alike(known[0], known[1])
    assert not Affiliations([*known, "Robotics, Mossley"]).alike(known[0], known[2])
    assert not Affiliations(known).alike("Hong Kong", "Hong Kong, China")  # countries say nothing


def mention(node: str, name: str, *ids: str, at: str = "", printed: str = "") -> Mention:
    own = tuple(Identifier(*each.split(":", 1)) for each in ids)
    return Mention(node, name, own, (at,) if at else (), (), printed=(printed,) if printed else ())


def persons(*papers: list[Mention], affiliations: tuple[str, ...] = ()) -> list[set[str]]:
    authors = [PaperAuthors(str(number), each, affiliations) for number, each in enumerate(papers)]
    found = Identities(authors, slug)
    return sorted(({found.mentions[each].node for each in group.members} for group in found.find()), key=sorted)


def test_a_co_author_in_common_joins_two_authorships_and_says_so() -> None:
    papers = [
        [mention("a", "Wei Wang"), mention("b", "Ada Quill")],
        [mention("c", "Wei Wang"), mention("d", "Ada Quill")],
    ]
    assert persons(*papers) == [{"a", "c"}, {"b", "d"}]
    assert papers[1][0].evidence == (Evidence("co-author", "Ada Quill"),)


def test_a_name_alone_joins_nothing_in_a_small_graph() -> None:
    assert persons([mention("a", "Wei Wang")], [mention("b", "Wei Wang")]) == [{"a"}, {"b"}]


def test_an_affiliation_joins_other_forms_of_a_name() -> None:
    apart = [mention("a", "Kathryn A. Quill", at="Kiteford")], [mention("b", "K. Quill", at="Kiteford")]
    assert persons(*apart) == [{"a", "b"}]


def test_an_initial_does_not_join_two_full_names() -> None:
    papers = [
        [mention(each, name, at="Kiteford")]
        for each, name in (("a", "John Moss"), ("b", "J. Moss"), ("c", "James Moss"))
    ]
    found = persons(*papers)
    assert {"a", "c"} not in found
    assert all(not {"a", "c"} <= each for each in found)


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("orcid:0000-0002-1825-0097", "orcid:0000-0002-1825-0097", True),
        (
            "acl-person-name:wei-wang",
            "acl-person-name:wei-wang",
            False,
        ),  # an id that is the name says no more than the name
        ("acl-person:wei-wang-kiteford", "acl-person:wei-wang-kiteford", True),
    ],
)
def test_an_identifier_joins_unless_it_is_the_name(one: str, other: str, joined: bool) -> None:  # noqa: FBT001
    assert (persons([mention("a", "Wei Wang", one)], [mention("b", "Wei Wang", other)]) == [{"a", "b"}]) is joined


def test_different_identifiers_and_one_paper_keep_people_apart() -> None:
    one, other = "openreview-person:~Ada_Quill1", "openreview-person:~Ada_Quill2"
    here, there = mention("a", "Ada Quill", one, at="Kiteford"), mention("b", "Ada Quill", other, at="Kiteford")
    assert persons([here], [there]) == [{"a"}, {"b"}]
    assert persons([mention("a", "Wei Wang", at="X"), mention("b", "Wei Wang", at="X")]) == [{"a"}, {"b"}]


def test_other_names_of_one_profile_do_not_keep_it_from_its_papers() -> None:
    profile = "openreview-person:~Rex_Ying1"
    papers = [
        [mention("a", "Zhitao Ying", profile), mention("b", "Ada Quill")],
        [mention("c", "Rex Ying", profile)],
        [mention("d", "Zhitao Ying"), mention("e", "Ada Quill")],
    ]
    assert persons(*papers) == [{"a", "c", "d"}, {"b", "e"}]
