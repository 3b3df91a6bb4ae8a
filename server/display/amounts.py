"""Numbers as pages write them: shares as percentages, and the change from one year to the next."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from graph.terms import Term
from server.display.asking import Row
from server.display.words import MINUS, Cell, number

DIMENSIONS = ("track", "mode", "country", "stage", "denominator")
WHOLE = ("/total", "/unstated")  # the ends of codes of dimensions that limit nothing
RATIO, MULTIPLE = "ratio", "multiple"  # units
UNCHANGED = "unchanged"
TIMES = "×"  # noqa: RUF001 - the sign of multiplication
SMALL = 10  # percent below which a change has a decimal


def amount(value: str, unit: str, printed: str = "", *, rounded: bool = False) -> str:
    """Return a value as readers write it: a share as a percentage, unless the source prints it otherwise."""
    try:
        found = Decimal(value)
    except InvalidOperation:
        return value
    if not found.is_finite():
        return value
    if unit == RATIO and ("%" in printed or not printed):
        return f"{plain(found * 100)}%"
    if unit == MULTIPLE:
        return f"{plain(found)}{TIMES}"
    return plain(found) if rounded else number(value)


def plain(found: Decimal) -> str:
    """Return a decimal with at most two places and no zeros behind them."""
    return f"{found:,.2f}".rstrip("0").rstrip(".")


def change(now: str, before: str, unit: str) -> str:
    """Return the change between two values: of shares in percentage points, of other numbers in percent."""
    later, earlier = Decimal(now), Decimal(before)
    if later == earlier:
        return UNCHANGED
    if unit == RATIO:
        return f"{_signed(plain(abs(later - earlier) * 100), later - earlier)} points"
    if not earlier:
        return ""
    percent = 100 * abs(later - earlier) / earlier
    places = 1 if percent < SMALL else 0
    return f"{_signed(f'{percent:,.{places}f}', later - earlier)}%"


def _signed(text: str, difference: Decimal) -> str:
    return f"{'+' if difference > 0 else MINUS}{text}"


def is_whole(term: Term) -> bool:
    """Return whether the code of a dimension limits nothing."""
    return term.value.endswith(WHOLE)


def limits(row: Row, cells: Mapping[Term, Cell], names: Iterable[str] = DIMENSIONS) -> str:
    """Return the dimensions that limit the number of a row, in words."""
    return ", ".join(cells[row[name]].words for name in names if name in row and not is_whole(row[name]))
