"""Golden values for HoltWintersModelTests from statsmodels (Debian: python3-statsmodels 0.13.5). Run: /usr/bin/python3 holt_winters.py"""
import math
import warnings

import numpy as np
from statsmodels.tsa.holtwinters import ExponentialSmoothing

warnings.filterwarnings("ignore")
M, N = 12, 96
ALPHA, BETA, GAMMA, PHI = 0.4, 0.15, 0.25, 0.9


def series():
    return np.array([10 + 0.05 * i + 2 * math.sin(2 * math.pi * i / M) + 0.5 * math.cos(1.7 * i) for i in range(N)])


def run(y, level, trend, seasonal):
    """Level, trend and seasonal terms after y, all smoothed from known starting values; then the forecasts."""
    model = ExponentialSmoothing(
        y, trend="add", damped_trend=True, seasonal="add" if seasonal is not None else None, seasonal_periods=M,
        initialization_method="known", initial_level=level, initial_trend=trend, initial_seasonal=seasonal)
    # statsmodels' smoothing_trend is the weight of the level's change in the trend, as here.
    return model.fit(smoothing_level=ALPHA, smoothing_trend=BETA, smoothing_seasonal=None if seasonal is None else GAMMA,
                     damping_trend=PHI, optimized=False)


y = series()
# Two seasons of Holt's method from level = first value, trend = 0.
start = 2 * M
first = run(y[1:start + 1], y[0], 0.0, None)
level, trend = first.level[-1], first.trend[-1]
mean = y[:start].mean()
terms = np.array([y[[j, j + M]].mean() - mean for j in range(M)])
print("holt level %.12f trend %.12f" % (level, trend))
# From there with seasonal terms; the level loses the term of the step at which they start.
rest = y[start + 1:]
order = [(start + 1 + j) % M for j in range(M)]
fit = run(rest, level - terms[start % M], trend, terms[order])
print("hw level %.12f trend %.12f" % (fit.level[-1], fit.trend[-1]))
# From level, trend and terms: statsmodels' own forecast() takes the last term before its last update at horizon M.
last = [fit.level[-1] + fit.trend[-1] * sum(PHI ** j for j in range(1, h + 1)) + fit.season[-M + (h - 1) % M] for h in range(1, 15)]
assert np.allclose(np.delete(last, M - 1), np.delete(fit.forecast(14), M - 1))
print("forecast", ", ".join("%.9f" % v for v in last))
