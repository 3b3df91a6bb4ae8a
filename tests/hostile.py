"""Texts that hide a call to another endpoint, or a function that changes, from whoever reads them as people do."""

from random import Random

GAPS = ("", "", "", " ", "\n", "\t", "\r\n", "#c\n", "# '\n", '# """\r', "#>\n", "# GRAPH\n", "#{\n")
SURE = (" ", "\n", "# <\n", "#'\n ")
CALLS = ("SERVICE", "service", "SeRvIcE", "SERVICE SILENT", "SERVICESILENT", "service#\nsilent", "\\u0053ERVICE")
HEADS = (
    "PREFIX e: <{peer}> PREFIX : <{peer}> ",
    "PREFIX e:<{peer}>PREFIX :<{peer}>",
    "BASE <{peer}>VERSION'1.2'PREFIX e:<>PREFIX :<{peer}>",
)
TARGETS = ("<{peer}>", "<{peer}>", "e:", ":", "<{escaped}>", "e:、", "e:\\'", "e:\u1680")
ALLOWING = ("{call}", "{{}}{gap}{call}", "{{{call}}}", "OPTIONAL{gap}{{{call}}}", "MINUS{gap}{{{call}}}")
NESTS = (
    *ALLOWING,
    "{{{call}}}UNION{gap}{{{call}}}",
    "GRAPH{gap}?g{{{call}}}",
    "GRAPH{gap}e:SERVICE{gap}{{{call}}}",
    "{{SELECT{gap}*{gap}{{{call}}}}}",
    "LATERAL{gap}{{{call}}}",
    "FILTER{gap}EXISTS{gap}{{{call}}}",
    "FILTER(NOT{gap}EXISTS{{{call}}})",
    "VALUES ?x {{ {decoy} }}{gap}{call}",
    'VALUES ?x {{ """a" }}{gap}{call} #\\x"""\n',
    "VALUES ?x {{ '''a' }}{gap}{call} #\\uD800'''\n",
    "BIND(1 AS ?a)FILTER(?a<2){call}",
    "BIND(1 AS ?a)FILTER(?a<2)#> GRAPH\n{call}",
    "VALUES ?x {{ e:、\\' }}{gap}{call}#'\n",
    "VALUES ?x {{ e:、\\# }}{gap}{call}\n",
    "{call} # SERVICE <x:a> {{ }}\n",
    "VALUES ?x {{ 'a'@en }}{call}FILTER(?x = 'SERVICE <x:a> {{}}')",
)
DECOYS = ("'it''s'", '"#"', "'''it's'''", '"""a"b"""', "<x:a#b>", "<x:it's>", "'\\''", "1", "true", "e:a", '"\\u0027"')
FUNCTIONS = ("RAND()", "rand( )", "NOW()", "now#c\n()", "UUID()", "StrUuid()", "BNODE()", "\\u0052AND()")
USES = (
    "SELECT({function} AS ?x){{}}",
    "SELECT*{{BIND({function}AS?x)}}",
    "SELECT ?x{{VALUES ?x{{1 2 3 4 5 6 7 8 9}}}}ORDER BY{function}",
    "SELECT ?x{{VALUES ?x{{1 2 3 4 5 6 7 8 9}}FILTER(1*{function}>0.5)}}",
    "SELECT ?x{{VALUES ?x{{ {decoy} 1 }}}}GROUP BY ?x ORDER BY{function}",
    "SELECT(MAX({function})AS?y){{VALUES ?x{{ {decoy} }}}}",
    "ASK{{FILTER(1*{function}>0.5)}}",
    'SELECT*{{VALUES ?z {{ """a" }} BIND({function}AS?x)#\\x"""\n}}',
    "SELECT*{{BIND(1 AS ?a)FILTER(?a<2)BIND({function}AS?x)#>\n}}",
    "CONSTRUCT{{<x:s><x:p>?x}}{{BIND(STR({function})AS?x)}}",
)


def seeded(number: int) -> Random:
    """Return a source of texts that come in the same order each time."""
    return Random(number)  # noqa: S311 - no secret


def calling(random: Random, peer: str) -> str:
    """Return a query that asks a peer, or seems to."""
    target = random.choice(TARGETS).format(peer=peer, escaped=f"{peer[:-1]}\\u{ord(peer[-1]):04x}")
    call = f"{random.choice(CALLS)}{random.choice(GAPS)}{target}{random.choice(GAPS)}{{?s{random.choice(SURE)}?p ?o}}"
    for _ in range(random.randint(1, 2)):
        call = random.choice(NESTS).format(call=call, gap=random.choice(GAPS), decoy=random.choice(DECOYS))
    head = random.choice(HEADS).format(peer=peer)
    return f"{head}SELECT{random.choice(GAPS)}*{random.choice(GAPS)}{{{random.choice(GAPS)}{call}}}"


def updating(random: Random, peer: str) -> str:
    """Return an update that asks a peer or loads from it, or seems to."""
    gap, target = random.choice(GAPS), random.choice(TARGETS[:4]).format(peer=peer)
    head = random.choice(HEADS).format(peer=peer)
    silent = random.choice(("", "SILENT", " silent "))
    before = random.choice(("", "", "INSERT DATA{<x:a><x:b>'LOAD <x>'};", "CLEAR ALL#'\n;", "DELETE WHERE{?a ?b ?c};"))
    if random.random() < 0.5:
        into = random.choice(("", "", " INTO GRAPH <x:g>", "INTO#\nGRAPH<x:g>"))
        return f"{head}{before}{gap}LOAD{silent}{gap}{target} {into}"
    query = calling(random, peer)
    return f"{head}{before}INSERT{gap}{{<x:s><x:p>?o}}WHERE{gap}{query[query.index('{') :]}"


def changing(random: Random) -> str:
    """Return a query whose answer changes, or seems to."""
    return random.choice(USES).format(function=random.choice(FUNCTIONS), decoy=random.choice(DECOYS[:-4]))
