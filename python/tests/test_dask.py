"""A real cluster of two processes on this machine."""

import random

import pytest
from killing import KillOne

import gatescope

distributed = pytest.importorskip("distributed", reason="Dask is not installed: not tested")
pytest.importorskip("pyarrow", reason="pyarrow is not installed: Dask's tables are not tested")

import dask.bag
import pyarrow
import pyarrow.parquet

import gatescope.dask


def lines(count):
    draw = random.Random(5)
    return ["".join(draw.choices("BTPSXVE", k=draw.randint(1, 60))) for _ in range(count)]


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def read(folder):
    return pyarrow.concat_tables(
        pyarrow.parquet.read_table(path) for path in sorted(folder.iterdir())
    )


def test_parts_are_the_rows_of_the_whole(client, reber, tmp_path):
    texts = lines(400)
    whole = gatescope.trace_many(reber, texts, signals="f,h")
    for count in (1, 7):
        bag = dask.bag.from_sequence(texts, npartitions=count)
        folder = tmp_path / str(count)
        paths = gatescope.dask.trace(reber, bag, to=folder, signals="f,h")
        assert sorted(folder.iterdir()) == paths
        assert read(folder).equals(whole)
    tables = gatescope.dask.trace(reber, bag, signals="f,h")
    assert pyarrow.concat_tables(dask.compute(*tables)).equals(whole)


def test_a_worker_killed_in_the_middle(client, reber, tmp_path):
    texts = lines(16000)
    whole = gatescope.trace_many(reber, texts, reduce="mean")
    killer = KillOne()
    killer.start()
    bag = dask.bag.from_sequence(texts, npartitions=8)
    gatescope.dask.trace(reber, bag, to=tmp_path / "parts", reduce="mean")
    killer.join()
    assert killer.killed is not None
    assert len(list((tmp_path / "parts").iterdir())) == 8
    assert read(tmp_path / "parts").equals(whole)


def test_a_data_frame(client, reber, tmp_path):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frames = pytest.importorskip("dask.dataframe", reason="dask.dataframe is not installed")
    texts = lines(30)
    frame = pandas.DataFrame({"name": [f"n{k}" for k in range(30)], "said": texts})
    gatescope.dask.trace(
        reber, frames.from_pandas(frame, npartitions=3), to=tmp_path / "p", text="said", ids="name",
        reduce="last",
    )
    whole = gatescope.trace_many(reber, texts, ids=list(frame.name), reduce="last")
    assert read(tmp_path / "p").equals(whole)


def test_what_is_wrong(client, reber, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "x").touch()
    bag = dask.bag.from_sequence(["BTX", "BT", "BQ"], npartitions=3)
    with pytest.raises(gatescope.GatescopeError, match="is there already, and parts of two runs"):
        gatescope.dask.trace(reber, bag, to=tmp_path / "there")
    with pytest.raises(gatescope.GatescopeError, match='sequence 2: "Q" at position 1'):
        gatescope.dask.trace(reber, bag, to=tmp_path / "new")
    assert all(path.suffix == ".parquet" for path in (tmp_path / "new").iterdir())
    with pytest.raises(gatescope.GatescopeError, match="has no partitions"):
        gatescope.dask.trace(reber, ["BTX"])
    with pytest.raises(gatescope.GatescopeError, match="cannot open"):
        gatescope.dask.trace("nope.pt", bag)


def test_a_worker_without_the_program(client, reber):
    def without(part):
        import os

        from gatescope._workers import Model, trace_here

        before = os.environ.get("GATESCOPE_PROGRAM")
        os.environ["GATESCOPE_PROGRAM"] = "/nowhere/gatescope"
        try:
            from pathlib import Path

            trace_here(Model.of(reber), part, None, [], Path("/tmp/never.parquet"), 0)
        finally:
            os.environ.pop("GATESCOPE_PROGRAM")
            if before is not None:
                os.environ["GATESCOPE_PROGRAM"] = before

    with pytest.raises(gatescope.ProgramMissing, match="is no program on"):
        client.submit(without, ["BTX"]).result()
