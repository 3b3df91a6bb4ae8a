"""Errors of queries, with the limit that was exceeded, its value, and how to ask for less."""

from graph.errors import (
    ConvocationError,
    FormError,
    QueryError,
    QuerySyntaxError,
    RefusedError,
    RemoteServiceError,
    StoreError,
)
from server.engine.frames import Question


class LimitError(ConvocationError):
    """A query exceeded a limit; `limit` names the setting and `value` is its value."""

    def __init__(self, limit: str, message: str, value: str = "") -> None:
        self.limit, self.value = limit, value
        super().__init__(message)


class BusyError(LimitError):
    """Too many queries wait already; retry after `wait` seconds."""

    wait = 5


class EngineError(ConvocationError):
    """The engine does not answer; retry after `wait` seconds."""

    wait = 2


class LeftError(ConvocationError):
    """The client disconnected before the answer came."""


class MediaError(ConvocationError):
    """The client accepts no format of the answer; `kind` says whether it is a graph or results."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"the client accepts no format of {kind}")


def time_error(seconds: float, what: str = "The query") -> LimitError:
    """Return the error of a query, or of a page, that took too long."""
    value, hint = f"{seconds:g} s", "begin with the most selective pattern, add a LIMIT, or divide the question"
    return LimitError(
        "CONVOCATION_QUERY_SECONDS",
        f"{what} exceeded the time limit of {value}; ask for less: {hint}.",
        value,
    )


def memory_error(megabytes: int) -> LimitError:
    """Return the error of a query that took too much memory."""
    value = f"{megabytes} MB" if megabytes else "all of the machine"
    hint = "ask for less: fewer patterns without a join, no ORDER BY or GROUP BY over everything, a LIMIT"
    return LimitError(
        "CONVOCATION_QUERY_MEMORY",
        f"The query exceeded its memory limit ({value}), or used most while all queries exceeded theirs; {hint}.",
        value,
    )


def size_error(size: int) -> LimitError:
    """Return the error of an answer of too many bytes."""
    value = f"{size >> 20} MB"
    return LimitError(
        "CONVOCATION_QUERY_SIZE",
        f"The result exceeds the limit of {value}; add a LIMIT, or select fewer variables.",
        value,
    )


def rows_error(rows: int) -> LimitError:
    """Return the error of an answer of too many rows."""
    value = f"{rows} rows"
    return LimitError(
        "CONVOCATION_QUERY_ROWS",
        f"The result exceeds the limit of {value}; add LIMIT {rows}, and OFFSET for the next ones.",
        value,
    )


def crash_error(words: bytes, memory: int) -> ConvocationError:
    """Return the error of a query that crashed its worker, by the output of the fault handler."""
    if b"Segmentation" in words:  # stack overflow: each level of the grammar takes some of it
        hint = "write it with fewer levels, or list what it chains in a VALUES"
        return QueryError(f"The query is nested too deeply, or a chain in it is too long, to be evaluated; {hint}.")
    return memory_error(memory)


PLAIN: dict[str, type[ConvocationError]] = {
    "media": MediaError,
    "RemoteServiceError": RemoteServiceError,
    "RefusedError": RefusedError,
    "FormError": FormError,
    "StoreError": StoreError,
}


def reported_error(facts: dict[str, object], question: Question, memory: int) -> ConvocationError:
    """Return the error that a worker reported."""
    message = str(facts["message"])
    limits = {
        "SizeError": lambda: size_error(question.size),
        "RowsError": lambda: rows_error(question.rows),
        "MemoryError": lambda: memory_error(memory),
    }
    if limited := limits.get(str(facts["kind"])):
        return limited()
    match facts["kind"]:
        case "RemoteServiceError" if facts["limit"]:
            return LimitError(str(facts["limit"]), message, str(facts["value"]))
        case "QuerySyntaxError":
            return QuerySyntaxError(message, _number(facts.get("line")), _number(facts.get("column")))
        case "fault":
            return EngineError(f"The engine failed at this query ({message}); write it in another way.")
    return PLAIN.get(str(facts["kind"]), QueryError)(message)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
