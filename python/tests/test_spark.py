"""PySpark in local mode, where a lost Python worker fails its task and the task runs again."""

import os
import random
import shutil
import sys

import pytest
from killing import KillOne

import gatescope

os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed: not tested")
pytest.importorskip("pyarrow", reason="pyarrow is not installed: Spark's tables are not tested")
if shutil.which("java") is None:
    pytest.skip("Java is not installed: Spark is not tested", allow_module_level=True)

import gatescope.spark


def lines(count):
    draw = random.Random(5)
    return ["".join(draw.choices("BTPSXVE", k=draw.randint(1, 60))) for _ in range(count)]


@pytest.fixture(scope="module")
def spark():
    session = (
        pyspark.sql.SparkSession.builder.master("local[2,4]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def corpus(spark, texts, partitions):
    rows = [(number, text) for number, text in enumerate(texts)]
    return spark.createDataFrame(rows, "sequence long, text string").repartition(partitions)


def rows(table, names):
    ordered = [name for name in ("sequence", "step", "layer", "direction") if name in names]
    return table.select(names).sort_by([(name, "ascending") for name in ordered]).to_pylist()


@pytest.mark.parametrize("partitions", [1, 5])
def test_rows_are_those_of_one_process(spark, reber, partitions):
    texts = lines(200)
    whole = gatescope.trace_many(reber, texts, signals="f,h")
    traced = gatescope.spark.trace(corpus(spark, texts, partitions), reber, signals="f,h")
    names = ["sequence", "step", "token", "layer", "direction", "f", "h"]
    assert rows(traced.toArrow(), names) == rows(whole, names)


def test_a_worker_killed_in_the_middle(spark, reber, tmp_path):
    import pyarrow.parquet

    texts = lines(12000)
    names = ["sequence", "layer", "direction", "steps", "h"]
    whole = gatescope.trace_many(reber, texts, signals="h", reduce="mean")
    traced = gatescope.spark.trace(corpus(spark, texts, 8), reber, signals="h", reduce="mean")
    killer = KillOne()
    killer.start()
    traced.write.parquet(str(tmp_path / "parts"))
    killer.join()
    assert killer.killed is not None
    assert rows(pyarrow.parquet.read_table(tmp_path / "parts"), names) == rows(whole, names)


def test_what_is_wrong(spark, reber):
    frame = corpus(spark, ["BTX", "BQ"], 1)
    with pytest.raises(gatescope.GatescopeError, match="there is no column 'said'"):
        gatescope.spark.trace(frame, reber, text="said")
    with pytest.raises(gatescope.GatescopeError, match="the columns step are the trace's own"):
        gatescope.spark.trace(frame.withColumnRenamed("sequence", "step"), reber)
    with pytest.raises(Exception, match='the row sequence=1: "Q" at position 1'):
        gatescope.spark.trace(frame, reber).collect()
