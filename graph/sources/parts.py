"""The parts of a person's name: as a source gives them, or else as the rules of BibTeX find them in the whole."""

import re
from functools import lru_cache

from bibtexparser.middlewares.names import parse_single_name_into_parts
from msgspec import Struct

EAST_ASIAN = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
SUFFIX = re.compile(r"(?:[Jj]r|JR|Sr|II|III|IV|Ii|Iii|iii)\.?")  # SR are initials
ENDING = re.compile(rf"(?P<name>.*[^\s,])\s*[\s,]\s*(?P<suffix>{SUFFIX.pattern})")
GROUP = re.compile(r"(?:committee|collaboration|consortium|group|inc\.?|project|team)", re.IGNORECASE)
PARTICLES = {"da", "de", "der", "di", "dos", "la", "van", "von"}
KNOWN = 2**16
LONGEST = 1_000  # letters of a name whose parts are looked for, which takes the square of its length


class NameParts(Struct, frozen=True, omit_defaults=True, gc=False):
    """A name in parts; the name of a group, and one of which no parts are known, is a family name without the rest."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the name is not divided into parts, as that of a group."""
        return not (self.given or self.particle or self.suffix)

    @property
    def name(self) -> str:
        """The name as it is shown; in East Asian scripts the family name is first, without a space."""
        if EAST_ASIAN.fullmatch(self.family + self.given) and not (self.particle or self.suffix):
            return self.family + self.given
        return " ".join(filter(None, (self.given, self.particle, self.family, self.suffix)))

    @property
    def surname(self) -> str:
        """The family name with its particle."""
        return f"{self.particle} {self.family}" if self.particle else self.family

    @property
    def inverted(self) -> str:
        """The family name first, then the suffix and the given name, each after a comma, as BibTeX writes names."""
        if not self.given:
            return self.name
        return ", ".join(filter(None, (self.surname, self.suffix, self.given)))


@lru_cache(KNOWN)
def guessed(name: str) -> NameParts:
    """Return the parts of a whole name: by the rules of BibTeX the last word and any particles are the family name.

    A suffix such as Jr. is no family name, and the name of a group or of more than 1,000 letters has no parts.
    """
    if len(name) > LONGEST or GROUP.fullmatch(name.rpartition(" ")[2]):
        return NameParts(name)
    if found := ENDING.fullmatch(name):
        bare = guessed(found["name"])
        return NameParts(bare.family, bare.given, bare.particle, found["suffix"])
    words = parse_single_name_into_parts(name, strict=False)
    while words.von and len(words.first) > 1 and words.first[-1].lower() in PARTICLES:
        words.von.insert(0, words.first.pop())
    return NameParts(*map(" ".join, ([*words.last, *words.jr], words.first, words.von)))


def says_more(parts: NameParts | None, name: str) -> bool:
    """Return whether the parts that a source gives differ from those that are guessed of a name."""
    return parts is not None and parts.name == name and parts.inverted != guessed(name).inverted
