"""The rows of recommendations: what comes next in a session, on one core.

Sessions of one's own are read from the file that DOORBUSTER_RECS_SESSIONS names (docs/recs/evaluation.md).
"""

from parts import part
from report import Row, median_of

FOLDER = "recs/evaluation"
BINARY = "recs_evaluation_sessions_bench"
SYNTHETIC_SECONDS_MAX = 900
VECTORS_SECONDS_MAX = 1_800


def sessions(rounds, _shop):
    """21 recommendations for every click of a session, by the quick family and by the one with embeddings."""
    small = part(FOLDER, BINARY, "own_sessions_small", rounds)
    yield a_second("recommendations for sessions", small, 5_000, 15_000)
    yield milliseconds("a recommendation for a session, p99", small)
    yield bytes_a_click(small)
    yield a_second("recommendations for sessions, with embeddings", part(FOLDER, BINARY, "own_sessions_usual", rounds),
                   1_000, 5_000)  # fmt: skip


def synthetic(_rounds, _shop):
    """The same on 100 million clicks and 6 million items; measured once, because to make them takes minutes."""
    results = part(FOLDER, BINARY, "a_hundred_million_clicks/iterations:50000", 1, SYNTHETIC_SECONDS_MAX)
    yield a_second("recommendations on 100,000,000 clicks", results, 2_500, 5_000)
    yield bytes_a_click(results)
    yield Row(
        name="memory of 100,000,000 clicks and 6,000,000 items", results={"ours": results}, unit="MiB",
        value=median_of([r["index_MiB"] for r in results]), at_least=1_812, aim=1_144,
    )  # fmt: skip


def vectors(_rounds, _shop):
    """The nearest of 10 million vectors of 64 dimensions; measured once, because to put them takes minutes."""
    for name, what in (("vectors_of_items", "vectors as of items"), ("vectors_at_random", "vectors at random")):
        results = part("recs/models", "recs_models_vector_index_bench", f"{name}/iterations:2000", 1,
                       VECTORS_SECONDS_MAX)  # fmt: skip
        # At random nothing can be found but by looking at nearly all; the bounds only hold it to what it is.
        recall, of_few = (0.9, 0.9) if name == "vectors_of_items" else (0.15, 0.3)
        yield a_second(f"look-ups among 10,000,000 {what}", results, 1_000, 2_000)
        yield of_vectors(f"recall@20 among {what}", "recall", results, "", recall)
        yield of_vectors(f"recall@20 where 1 % of {what} pass", "recall_filtered", results, "", of_few)
        yield of_vectors(f"look-ups where 1 % of {what} pass, a second", "filtered_per_second", results, "", 100)
        yield of_vectors(f"memory of {what}", "bytes_a_vector", results, "bytes a vector", 30, better="lower")
        yield of_vectors(f"to put 10,000,000 {what}", "build_seconds", results, "s", 300, better="lower")


def of_vectors(name, counter, results, unit, at_least, better="higher"):
    return Row(
        name=name, results={"ours": results}, unit=unit, value=median_of([r[counter] for r in results]),
        at_least=at_least, aim=at_least, better=better,
    )  # fmt: skip


def a_second(what, results, at_least, aim):
    return Row(
        name=f"{what} a second of one core", results={"ours": results}, unit="",
        value=median_of([r["items_per_second"] for r in results]), at_least=at_least, aim=aim, better="higher",
    )  # fmt: skip


def milliseconds(name, results):
    return Row(
        name=name, results={"ours": results}, unit="ms", value=median_of([r["p99_us"] / 1000 for r in results]),
        at_least=5, aim=1,
    )  # fmt: skip


def bytes_a_click(results):
    return Row(
        name="index of sessions", results={"ours": results}, unit="bytes a click",
        value=median_of([r["bytes_per_click"] for r in results]), at_least=19, aim=12,
    )  # fmt: skip
