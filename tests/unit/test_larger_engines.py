"""The Parquet export in engines for those who outgrow pandas, or one machine."""

import csv

import pandas as pd
import pytest

import strikes2024
from strikes2024.export import export
from strikes2024.readers import write_tables


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    """A Parquet file of events, and pandas' number of people killed by country and month."""
    folder = tmp_path_factory.mktemp("engines")
    with (folder / "ged.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [
            {
                "id": n, "type_of_violence": 1, "side_a": "A", "side_b": "B", "latitude": 1,
                "longitude": 2, "country": f"Land {n % 3}", "date_start": f"2024-0{1 + n % 4}-11",
                "date_end": f"2024-0{1 + n % 4}-11", "low": n, "best": n + 1, "high": n + 2,
            }
            for n in range(60)
        ]  # fmt: skip
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    own = write_tables("ged", folder / "ged.csv", folder / "own")
    parquet = export("parquet", folder / "parquet", data_dir=own) / "events.parquet"
    table = strikes2024.events(own)
    month = table["start"].dt.strftime("%Y-%m")
    killed = table.groupby(["country", month])["best"].sum()
    return parquet, {key: int(number) for key, number in killed.items()}


def test_duckdb(events):
    import duckdb

    path, killed = events
    query = (
        f"SELECT country, strftime(start, '%Y-%m') AS month, sum(best) FROM '{path}' GROUP BY ALL"
    )
    found = duckdb.sql(query).fetchall()
    assert {(country, month): int(number) for country, month, number in found} == killed


def test_polars(events):
    import polars

    path, killed = events
    month = polars.col("start").dt.strftime("%Y-%m").alias("month")
    table = polars.scan_parquet(path).group_by("country", month).agg(polars.col("best").sum())
    assert {(country, when): number for country, when, number in table.collect().rows()} == killed


@pytest.mark.large
def test_a_cluster_of_dask_on_files_by_country(events, tmp_path):
    from dask import dataframe
    from dask.distributed import Client, LocalCluster

    path, killed = events
    parts = tmp_path / "partitioned"
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
                     host="127.0.0.1") as cluster,
        Client(cluster),
    ):  # fmt: skip
        dataframe.read_parquet(path).to_parquet(parts, partition_on="country")
        assert {part.name for part in parts.iterdir()} >= {"country=Land 0", "country=Land 2"}
        table = dataframe.read_parquet(parts)
        month = table["start"].dt.strftime("%Y-%m").rename("month")
        found = table["best"].groupby([table["country"], month]).sum().compute()
    numbers = pd.Series(found)
    assert {k: int(n) for k, n in numbers.items() if n} == killed
