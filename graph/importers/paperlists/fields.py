"""The field map: what is read from each field of a record of a paper list, and why others are not."""

from msgspec import Struct

from graph.sources.importer import not_taken

FIELDS = (
    {
        "title": "the title of the paper",
        "id": "the key of the record, where it is no number of a position in the list; OpenReview and ACL ids",
        "author": "the names of the authors, parted by ; or by commas",
        "authorids": "identifiers of the authors: OpenReview profiles, IEEE author numbers; e-mail addresses never",
        "or_profile": "the order of the columns about authors; the canonical OpenReview profile of each",
        "aff": "the affiliations as printed, parted by ;",
        "affs": "the same, in kdd",
        "aff_unique_index": "which of the organizations below each author has, parted by ; and +",
        "aff_unique_norm": "the names of the organizations",
        "orcid": "the ORCID of each author",
        "dblp": "the DBLP page of each author",
        "track": "the track",
        "status": "the decision; in some venues the track",
        "award": "whether there is an award, which has no name here: reported as a notice",
        "site": "the page of the paper; OpenReview, ACL and IEEE ids are read from it",
        "openreview": "the OpenReview forum",
        "proceeding": "the page of the paper in the proceedings",
        "oa": "the page of the paper, where `site` has none",
        "url_paper": "the same",
        "doi": "the DOI",
        "arxiv": "the arXiv id",
        "keywords": "the topics of the paper, parted by ;",
    }
    | not_taken(
        "text of third parties, or said elsewhere: not taken",
        "abstract tldr primary_area metadata bibtex author_site title_site",
    )
    | not_taken(
        "links to material about the paper: not taken",
        "github project pdf pdf_size supp supplementary_material youtube slides video poster url_sess",
    )
    | not_taken("figures of a search engine without a date: not taken", "gs_citation gs_cited_by_link gs_version_total")
    | not_taken(
        "derived from the affiliations by the list's makers; places come from ROR: not taken",
        """aff_unique_dep aff_unique_url aff_unique_abbr aff_campus_unique aff_campus_unique_index
        aff_country_unique aff_country_unique_index aff_domain author_num""",
    )
    | not_taken("private: never taken", "email gender homepage linkedin google_scholar position")
    | not_taken(
        "reviews: not taken",
        """replies_avg authors#_avg rating rating_avg confidence confidence_avg corr_rating_confidence review metareview
        reviewers excitement reproducibility correctness excitement_avg reproducibility_avg correctness_avg
        corr_rating_correctness wc_review wc_review_avg strengths limitations suitability strengths_avg limitations_avg
        suitability_avg novelty novelty_avg technical_quality technical_quality_avg scope scope_avg
        corr_novelty_confidence""",
    )
    | not_taken("the program: not taken", "session sess pid ssid psid")
)


class Raw(Struct, frozen=True):
    """The fields of a record that are read; everything in them is text, or missing."""

    title: str | None = None
    id: str | int | None = None
    author: str | None = None
    authorids: str | None = None
    or_profile: str | None = None
    aff: str | None = None
    affs: str | None = None
    aff_unique_index: str | None = None
    aff_unique_norm: str | None = None
    orcid: str | None = None
    dblp: str | None = None
    track: str | None = None
    status: str | None = None
    award: bool | str | None = None
    site: str | None = None
    openreview: str | None = None
    proceeding: str | None = None
    oa: str | None = None
    url_paper: str | None = None
    doi: str | None = None
    arxiv: str | None = None
    keywords: str | None = None
