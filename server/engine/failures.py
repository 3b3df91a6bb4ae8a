"""Errors of queries, with the limit that was exceeded, its value, and how to ask for less."""

from typing import Any, cast

from graph import errors
from graph.errors import ConvocationError, QueryError, ShapeError
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
    words = f"{what} exceeded the time limit of {value}; ask for less: {hint}."
    return LimitError("CONVOCATION_QUERY_SECONDS", words, value)


def memory_error(megabytes: int) -> LimitError:
    """Return the error of a query that took too much memory."""
    value = f"{megabytes} MB" if megabytes else "all of the machine"
    hint = "ask for less: fewer patterns without a join, no ORDER BY or GROUP BY over everything, a LIMIT"
    words = f"The query exceeded its memory limit ({value}), or used most while all queries exceeded theirs; {hint}."
    return LimitError("CONVOCATION_QUERY_MEMORY", words, value)


def crash_error(words: bytes, memory: int) -> ConvocationError:
    """Return the error of a query that crashed its worker, by the output of the fault handler."""
    if b"Segmentation" in words:  # stack overflow: each level of the grammar takes some of it
        hint = "write it with fewer levels, or list what it chains in a VALUES"
        return QueryError(f"The query is nested too deeply, or a chain in it is too long, to be evaluated; {hint}.")
    return memory_error(memory)


def error_facts(error: ConvocationError) -> dict[str, object]:
    """Return an error as JSON values, for another process; an error keeps the arguments that made it by name."""
    return {"kind": type(error).__name__, "message": str(error), **vars(error)}


def revived(facts: dict[str, Any], default: type[ConvocationError]) -> ConvocationError:
    """Return the error of another process; `default` stands for a class that is not in graph.errors."""
    kind = getattr(errors, facts.pop("kind"), default)
    message = facts.pop("message")
    return ShapeError(**facts) if kind is ShapeError else cast("ConvocationError", kind(message, **facts))


def reported_error(facts: dict[str, Any], question: Question, memory: int) -> ConvocationError:
    """Return the error that a worker reported."""
    message, rows = facts["message"], f"{question.rows} rows"
    sizes = {
        "SizeError": ("SIZE", f"{question.size >> 20} MB", "add a LIMIT, or select fewer variables"),
        "RowsError": ("ROWS", rows, f"add LIMIT {question.rows}, and OFFSET for the next ones"),
    }
    match facts["kind"]:
        case "SizeError" | "RowsError" as kind:
            limit, value, hint = sizes[kind]
            words = f"The result exceeds the limit of {value}; {hint}."
            return LimitError(f"CONVOCATION_QUERY_{limit}", words, value)
        case "MemoryError":
            return memory_error(memory)
        case "RemoteServiceError" if facts["limit"]:
            return LimitError(facts["limit"], message, facts["value"])
        case "media":
            return MediaError(message)
        case "fault":
            return EngineError(f"The engine failed at this query ({message}); write it in another way.")
    return revived(facts, QueryError)
