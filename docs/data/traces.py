"""Writes the load traces of docs/forecasting.md and docs/scaling.md as CSV files, one a trace: epoch seconds, value.

python3 traces.py DATA OUT: DATA holds the public data sets, one folder each (nasa_http, worldcup98, azure2019_vm, alibaba2018, cluster_capacity,
ms_cloud_monitoring, google2019_tasks, azure2017_vms, and to learn from only: nab, asd, smd). OUT/scored gets the 32 traces that are scored, OUT/more
those that the program's networks learnt from besides; OUT/scaling the 13 traces that replicas are chosen on, OUT/scaling-more the 14 others.
"""
import csv, datetime, gzip, pathlib, sys

AMAZON = (
    "ec2_cpu_utilization_5f5533", "ec2_cpu_utilization_ac20cd", "ec2_disk_write_bytes_1ef3de", "ec2_disk_write_bytes_c0d644", "ec2_network_in_5abac7",
    "grok_asg_anomaly", "rds_cpu_utilization_cc0c53", "rds_cpu_utilization_e47b3b",
)
CLUSTERS = ("cluster2", "cluster6", "cluster20", "cluster28")
SERVICES = (
    "mongodb-application-rps/mongo-01", "mongodb-application-rps/mongo-03", "data-ingress-rate/ingress-01", "data-ingress-rate/ingress-03",
    "data-ingress-rate/ingress-05",
)
START = 1704067200  # 1 January 2024, for recordings that count from 0


def rows(path):
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else open(path)
    with opened as file:
        yield from csv.DictReader(file)


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=datetime.timezone.utc).timestamp()


def series(path, column, time="timestamp", unit=None, only=lambda row: True):
    """(epoch second, value) of a column; counted times begin at START; an empty or negative value is unknown."""
    for row in rows(path):
        if only(row) and row[column] != "" and float(row[column]) >= 0:
            yield (START + float(row[time]) * unit if unit else seconds(row[time])), float(row[column])


def aligned(points, step):
    """Points on a grid of the step; the last one in a cell stays."""
    return {round(t / step) * step: v for t, v in points}


def write(folder, name, values):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["seconds", "value"])
        out.writerows((int(t), repr(v)) for t, v in sorted(values.items()))


def minutes(points):
    """Means of whole minutes, to six digits."""
    parts = {}
    for t, v in points:
        parts.setdefault(t // 60 * 60, []).append(v)
    return {t: float(f"{sum(v) / len(v):.6g}") for t, v in parts.items()}


def write_scaling(data, out):
    chosen, others = out / "scaling", out / "scaling-more"
    alibaba = data / "alibaba2018/alibaba2018_30s.csv.gz"
    write(chosen, "alibaba", minutes(series(alibaba, "cpu_util_percent", "seconds", 1)))
    write(others, "alibaba_disk", minutes(series(alibaba, "disk_io_percent", "seconds", 1)))
    before_gap = seconds("2024-08-23T13:03")
    for column in CLUSTERS:
        points = series(data / "cluster_capacity/cluster_cpu_a_1min.csv.gz", column)
        write(chosen, column, {t: v for t, v in points if t <= before_gap})
    for name in SERVICES:
        write(chosen, name.split("/")[1], dict(series(data / f"ms_cloud_monitoring/{name}.csv", "value")))
    write(chosen, "nasa", dict(series(data / "nasa_http/nasa_jul95_1min.csv.gz", "requests")))
    worldcup = dict(series(data / "worldcup98/worldcup98_a_1min.csv.gz", "requests"))
    write(chosen, "worldcup", worldcup)
    week = range(int(seconds("1998-06-10")), int(seconds("1998-06-17")), 60)
    write(others, "worldcup_week", {t: worldcup[t] for t in week if t in worldcup})
    write(chosen, "azure2019", dict(series(data / "azure2019_vm/azure2019_vm_total_5min.csv", "cpu_usage", "seconds", 1)))
    machines = data / "azure2017_vms/azure2017_vms_a_5min.csv.gz"
    for column in next(rows(machines)):
        if column.endswith("_avg"):
            write(others, f"azure2017_{column[:-4]}", dict(series(machines, column, "seconds", 1)))


def main(data, out):
    write_scaling(data, out)
    scored, more = out / "scored", out / "more"
    write(scored, "nasa", aligned(series(data / "nasa_http/nasa_jul95_1min.csv.gz", "requests"), 60))
    write(scored, "worldcup", aligned(series(data / "worldcup98/worldcup98_a_1min.csv.gz", "requests"), 60))
    write(scored, "azure2019", aligned(series(data / "azure2019_vm/azure2019_vm_total_5min.csv", "cpu_usage", "seconds", 1), 300))
    for column in ("cpu_util_percent", "net_in", "mem_util_percent", "disk_io_percent"):
        write(scored, f"alibaba_{column}", aligned(series(data / "alibaba2018/alibaba2018_30s.csv.gz", column, "seconds", 1), 30))
    for column in CLUSTERS:
        write(scored, column, aligned(series(data / "cluster_capacity/cluster_cpu_a_1min.csv.gz", column), 60))
    for name in SERVICES:
        write(scored, name.split("/")[1], aligned(series(data / f"ms_cloud_monitoring/{name}.csv", "value"), 60))
    for task in ("22", "75", "81", "115"):
        path = data / "google2019_tasks/google2019_tasks_a_5min.csv.gz"
        write(scored, f"google_{task}", aligned(series(path, "avg_cpu", "seconds", 1, lambda row: row["task"] == task), 300))
    machines = data / "azure2017_vms/azure2017_vms_a_5min.csv.gz"
    for column in next(rows(machines)):
        if column.endswith("_avg"):
            write(scored, f"azure2017_{column[:-4]}", aligned(series(machines, column, "seconds", 1), 300))
    for column in next(rows(machines)):
        if column.endswith("_max"):
            write(more, f"azure2017_{column}", aligned(series(machines, column, "seconds", 1), 300))
    for task in ("22", "75", "81", "115"):
        path = data / "google2019_tasks/google2019_tasks_a_5min.csv.gz"
        for column in ("p95_cpu", "avg_mem"):
            write(more, f"google_{task}_{column}", aligned(series(path, column, "seconds", 1, lambda row: row["task"] == task), 300))
    write(more, "azure2019_memory", aligned(series(data / "azure2019_vm/azure2019_vm_total_5min.csv", "assigned_mem", "seconds", 1), 300))
    for name in AMAZON:
        write(more, f"nab_{name}", aligned(series(data / f"nab/data/realAWSCloudwatch/{name}.csv", "value"), 300))
    for name in ("CRM", "FB", "KO", "PFE", "UPS"):
        write(more, f"nab_tweets_{name}", aligned(series(data / f"nab/data/realTweets/Twitter_volume_{name}.csv", "value"), 300))
    for machine in range(1, 7):
        for column in ("m7", "m10", "m13"):
            write(more, f"asd_{machine}_{column}", aligned(series(data / f"asd/omi-{machine}_train.csv.gz", column, "step", 300), 300))
    for machine in ("2-1", "3-3"):
        for column in ("m1", "m3", "m7", "m14", "m19", "m22", "m25", "m31"):
            write(more, f"smd_{machine}_{column}", aligned(series(data / f"smd/machine-{machine}_train.csv.gz", column, "minute", 60), 60))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
