"""Golden values for DieboldMarianoTests (Debian: python3-numpy 1.24.2, python3-scipy 1.10.1, python3-statsmodels 0.13.5).
Run: /usr/bin/python3 diebold_mariano.py > diebold_mariano.txt

The long-run variance comes from statsmodels' covariance of a regression on a constant: HAC with uniform weights, and with Bartlett weights where that
is not positive. Each line: name, horizon, mean, statistic, p-value; then lines of the cosine test and of Student's t."""
import math
import warnings

import numpy as np
import statsmodels.api as sm
from scipy import stats

warnings.filterwarnings("ignore")
N = 60


def series(kind, n=N):
    """Differences that any language can make again."""
    i = np.arange(n)
    if kind == "noise":
        return np.sin(12.9898 * (i + 1)) * 0.7 + np.cos(78.233 * (i + 1)) * 0.4 + 0.15
    if kind == "waves":
        return np.sin(i / 4.0) + 0.3 * np.sin(12.9898 * (i + 1)) + 0.2
    if kind == "alternating":
        return np.where(i % 2 == 0, 1.0, -1.0) + 0.05 * np.sin(3.7 * i) + 0.02
    raise ValueError(kind)


def corrected(d, h):
    n = len(d)
    fit = sm.OLS(d, np.ones(n)).fit(cov_type="HAC", cov_kwds={"maxlags": h - 1, "kernel": "uniform"})
    variance = fit.cov_params()[0, 0]
    if not variance > 0:
        fit = sm.OLS(d, np.ones(n)).fit(cov_type="HAC", cov_kwds={"maxlags": h - 1, "kernel": "bartlett"})
        variance = fit.cov_params()[0, 0]
    t = d.mean() / math.sqrt(variance) * math.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    return d.mean(), t, stats.t.sf(t, n - 1)


def robust(d):
    n = len(d)
    count = max(4, int(0.4 * n ** (2 / 3)))
    basis = np.array([[math.sqrt(2 / n) * math.cos(math.pi * j * (t - 0.5) / n) for t in range(1, n + 1)] for j in range(1, count + 1)])
    variance = np.mean((basis @ d) ** 2)
    t = d.mean() / math.sqrt(variance / n)
    return d.mean(), t, stats.t.sf(t, count)


for kind in ("noise", "waves", "alternating"):
    for h in (1, 2, 4, 9):
        print("corrected", kind, h, *(repr(float(v)) for v in corrected(series(kind), h)))
    print("robust", kind, 0, *(repr(float(v)) for v in robust(series(kind))))
