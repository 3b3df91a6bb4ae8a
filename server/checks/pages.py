"""The pages of the consistency rules: all of them, each rule, each finding, and the report as data."""

from flask import Blueprint, Response, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirection

from graph.inspection.data import report as shapes_report
from graph.names import Names
from graph.terms import CVN
from server.checks.findings import claims, count_lines, finding_lines, findings_of, kept_lines, report_csv, rule_lines
from server.checks.sentences import linked_parts
from server.display.asking import ask, triples
from server.display.tables import cells_of
from server.formats import Alternate, alternates, asked_page, linked, serialized
from server.http.media import GRAPHS, RESULTS, by_suffix
from server.search.pages import entity, unknown

bp = Blueprint("checks", __name__)
TURTLE = next(media for media in GRAPHS if media.suffix == "ttl")
CSV = next(media for media in RESULTS if media.suffix == "csv")


@bp.get("/checks/")
def overview() -> Response:
    """Show all rules, how they came out, and what contradicts them."""
    rules = rule_lines()
    count = sum(each.outcomes.contradictions for each in rules)
    shown = asked_page(count)
    others = [Alternate(url_for(".report", suffix=media.suffix), media) for media in (*GRAPHS, CSV)]
    page = render_template(
        "checks/overview.html",
        rules=rules,
        count=count,
        findings=finding_lines(shown),
        number=shown.number,
        last=shown.last(count),
        counted=(("edition", count_lines(CVN.Edition)), ("source", count_lines(CVN.Source))),
        alternates=others,
    )
    return linked(page, others)


@bp.get("/checks/report.<suffix>")
def report(suffix: str) -> Response:
    """Answer with the findings as a SHACL validation report, or as a table of comma-separated values."""
    media = by_suffix(suffix, (*GRAPHS, CSV))
    if media is CSV:
        return Response(report_csv(), content_type=CSV.header)
    iri = Names(g.served.version.base).document("checks/report")
    return serialized(triples("checks/report", report=iri), media)


@bp.get("/checks/shapes.<suffix>")
def shapes(suffix: str) -> Response:
    """Answer with what the shapes found in this version, as a SHACL validation report or as comma-separated values."""
    media = by_suffix(suffix, (TURTLE, CSV))
    return Response(shapes_report(g.served.version, media.suffix), content_type=media.header)


@bp.get("/page/rule/<name>")
def rule(name: str) -> Response:
    """Show a rule, what contradicts it, and its other instances."""
    iri = entity(f"rule/{name}")
    there = next((each for each in rule_lines() if each.iri == iri), None)
    if there is None:
        raise unknown(f"rule/{name}")
    shown = asked_page(there.outcomes.contradictions)
    others = alternates(url_for(".rule_data", name=name))
    page = render_template(
        "checks/rule.html",
        rule=there,
        findings=finding_lines(shown, iri),
        number=shown.number,
        last=shown.last(there.outcomes.contradictions),
        kept=kept_lines(iri),
        alternates=others,
    )
    return linked(page, others)


@bp.get("/page/<any(finding, check):kind>/<rule>/<name>")
def check(kind: str, rule: str, name: str) -> Response:
    """Show one instance of a rule: the claims that were compared side by side, and the arithmetic."""
    iri = entity(f"{kind}/{rule}/{name}")
    rows = ask("checks/check", entity=iri).rows
    if not rows:
        raise unknown(f"{kind}/{rule}/{name}")
    shown = cells_of(rows[0].values())
    others = alternates(url_for(".check_data", kind=kind, rule=rule, name=name))
    page = render_template(
        "checks/check.html",
        iri=iri,
        check={name: shown[term] for name, term in rows[0].items()},
        sentence=linked_parts(rows[0]["sentence"].value),
        claims=claims(iri),
        concerned=list(cells_of(row["thing"] for row in ask("checks/concerned", entity=iri).rows).values()),
        alternates=others,
    )
    return linked(page, others)


@bp.get("/checks/of/<path:path>")
def concerning(path: str) -> str:
    """Show the findings that concern a thing, page by page."""
    iri = entity(path)
    findings = findings_of(iri).findings
    if not findings:
        raise unknown(path)
    count = len(findings)
    shown = asked_page(count)
    return render_template(
        "checks/concerning.html",
        thing=cells_of([iri])[iri],
        findings=findings[shown.start : shown.start + shown.size],
        count=count,
        number=shown.number,
        last=shown.last(count),
    )


@bp.get("/data/rule/<name>")
def rule_data(name: str) -> Response:
    """Answer with a rule in the serialization of the suffix."""
    return _data(f"rule/{name}")


@bp.get("/data/<any(finding, check, tally):kind>/<rule>/<name>")
def check_data(kind: str, rule: str, name: str) -> Response:
    """Answer with one instance of a rule, with what was compared, in the serialization of the suffix."""
    return _data(f"{kind}/{rule}/{name}")


@bp.get("/page/tally/<rule>/<name>")
def tally(rule: str, name: str) -> Redirection:
    """Lead to the page of the rule that is counted."""
    del name
    return redirect(url_for(".rule", name=rule), 303)


def _data(name: str) -> Response:
    path, _, suffix = name.rpartition(".")
    media = by_suffix(suffix, GRAPHS)
    content = triples("checks/description", entity=entity(path))
    if not content:
        raise unknown(path)
    return serialized(dict.fromkeys(content), media)
