"""Independent figures for the anomaly detectors and their scores; needs numpy and scipy. Run: python3 anomalies.py > anomalies.txt

Written from the papers and docs/anomalies.md, in double precision and without the streaming tricks of the C# code.
Every line is a name and its numbers.
"""
import math
import numpy as np
from scipy import stats


def uniforms(count, seed):
    out, s = [], seed
    for _ in range(count):
        s = (s * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append((s >> 11) / 2**53)
    return np.array(out)


def emit(name, values):
    print(name, " ".join(repr(float(v)) for v in np.atleast_1d(values)))


def series():
    """Five-minute steps: a daily wave with noise; a spike at 900, a shift from 1200 to 1260, an outage at 1400."""
    n = 1500
    i = np.arange(n)
    x = 20 + 8 * np.sin(2 * np.pi * i / 288) + 4 * (uniforms(n, 1) - 0.5)
    x[900] += 30
    x[1200:1260] += 12
    x[1400:1406] = 0.5
    return x


# ---- scores

def sigmoid(p):
    return 2 / (1 + math.exp(5 * p)) - 1 if p <= 3 else -1.0


def nab(files, threshold, tp, fn, fp):
    total = perfect = null = 0.0
    for scores, windows in files:
        n = len(scores)
        probation = min(int(0.15 * n), 750)
        hits = [i for i in range(probation, n) if scores[i] >= threshold]
        for a, b in windows:
            w = b - a + 1
            inside = [sigmoid(-(b - i + 1) / w) / sigmoid(-1) for i in hits if a <= i <= b]
            total += tp * max(inside) if inside else -fn
            perfect += tp
            null -= fn
        for i in hits:
            if any(a <= i <= b for a, b in windows):
                continue
            before = [(a, b) for a, b in windows if b < i]
            if before:
                a, b = before[-1]
                total += fp * sigmoid((i - b) / (b - a))
            else:
                total -= fp
    return 100 * (total - null) / (perfect - null)


def event_scores(scores, segments):
    label = np.zeros(len(scores), bool)
    for a, b in segments:
        label[a:b + 1] = True
    best_f1 = best_event = area = before = 0.0
    delay = math.nan
    for t in sorted(set(scores), reverse=True):
        hit = scores >= t
        precision = (hit & label).sum() / hit.sum()
        recall = (hit & label).sum() / label.sum()
        found = [a for a, b in segments if hit[a:b + 1].any()]
        event_recall = len(found) / len(segments)
        area += (recall - before) * precision
        before = recall
        if precision + recall > 0:
            best_f1 = max(best_f1, 2 * precision * recall / (precision + recall))
        if precision + event_recall > 0:
            f = 2 * precision * event_recall / (precision + event_recall)
            if f >= best_event > 0 or f > best_event:
                best_event = f
                delay = np.mean([np.argmax(hit[a:b + 1]) for a, b in segments if hit[a:b + 1].any()])
    return best_event, best_f1, area, delay


def vus(scores, segments, widest):
    n = len(scores)
    order = np.sort(scores)[::-1]
    total = 0.0
    for width in range(widest + 1):
        label = np.zeros(n)
        plain = 0
        for a, b in segments:
            plain += b - a + 1
            for i in range(max(0, a - width // 2), min(n - 1, b + width // 2) + 1):
                d = a - i if i < a else i - b if i > b else 0
                label[i] += 1 if d == 0 else math.sqrt(1 - d / width)
        label = np.minimum(label, 1)
        positives = (plain + label.sum()) / 2
        area = before = 0.0
        for t in sorted({order[j * (n - 1) // 249] for j in range(250)}, reverse=True):
            hit = scores >= t
            caught = label[hit].sum()
            exists = np.mean([hit[max(0, a - width // 2):b + width // 2 + 1].any() for a, b in segments])
            recall = min(caught / positives, 1) * exists
            area += (recall - before) * caught / hit.sum()
            before = recall
        total += area
    return total / (widest + 1)


# ---- detectors

class Tail:
    def __init__(self, per_decade, decades):
        self.per, self.n = per_decade, per_decade * decades
        self.bins, self.low, self.values, self.q, self.excess, self.age = None, 0, 0, 0.0, 0.0, 0

    def at(self, r):
        return math.floor(self.per * math.log10(r))

    def place(self, r):
        return min(max(self.at(r) - self.low, 0), self.n - 1) if r > 0 else 0

    def evidence(self, r):
        if self.values == 0 or not r > 0:
            return 0.0
        if self.q > 0 and r > self.q:
            return 2 + (r - self.q) / (math.log(10) * self.excess)
        above = self.bins[self.place(r):].sum() if self.bins is not None else 0
        return -math.log10((above + 1) / (self.values + 1))

    def add(self, r):
        if math.isnan(r):
            return
        if self.bins is None and r > 0:
            self.low = self.at(r) - self.n * 5 // 8
            self.bins = np.zeros(self.n)
            self.bins[0] = self.values
        if self.bins is not None:
            shift = self.at(r) - (self.low + self.n - 1) if r > 0 else 0
            if shift > 0:
                moved = np.zeros(self.n)
                for b in range(self.n):
                    moved[max(0, b - shift)] += self.bins[b]
                self.bins, self.low = moved, self.low + shift
            self.bins[self.place(r)] += 1
        self.values += 1
        if (self.age < 256 or self.age % 16 == 0) and self.bins is not None:
            above, excess, b = 0, 0.0, self.n - 1
            while b > 0 and above + self.bins[b] <= 0.01 * self.values:
                above += self.bins[b]
                excess += self.bins[b] * 10 ** ((self.low + b + 0.5) / self.per)
                b -= 1
            self.q = 10 ** ((self.low + b + 1) / self.per)
            self.excess = excess / above - self.q if above > 0 else self.q * (10 ** (1 / self.per) - 1)
        self.age += 1


def calibrated(residuals):
    tail, out = Tail(32, 6), []
    for r in residuals:
        out.append(tail.evidence(r) if not math.isnan(r) else 0.0)
        tail.add(r)
    return np.array(out)


def seasonal(x, rate, clamp):
    mean, visits, out, distance = {}, {}, [], 0.0
    for i, v in enumerate(x):
        hour = (i // 12) % 24
        if hour not in mean:
            mean[hour], visits[hour] = v, 1
            out.append(0.0)
            continue
        e = v - mean[hour]
        distance += (abs(e) - distance) / (i + 1)
        visits[hour] = min(255, visits[hour] + 1)
        mean[hour] += max(rate, 1 / visits[hour]) * min(max(e, -clamp * distance), clamp * distance)
        out.append(abs(e))
    return np.array(out)


def course(x, block, size, capacity=448, dropped=32):
    trailing = np.array([x[max(0, i - block + 1):i + 1].mean() for i in range(len(x))])
    out, past = [], []
    for i in range(len(x)):
        if (i + 1) % block == 0:
            if len(past) == capacity:
                past = past[dropped:]
            past.append((i, trailing[i]))
        if i + 1 < size * block:
            out.append(math.nan)
            continue
        now = [trailing[i - j * block] for j in range(size)]
        distances = []
        for k in range(size - 1, len(past)):
            if k <= len(past) - 1 - size:
                then = [past[k - j][1] for j in range(size)]
                distances.append(math.dist(now, then))
        out.append(np.mean(sorted(distances)[:2]) if len(distances) >= 2 else math.nan)
    return np.array(out)


def ranks(x, capacity=512):
    kept, stride, wait, out = [], 1, 0, []
    for v in x:
        less, equal = sum(k < v for k in kept), sum(k == v for k in kept)
        out.append((less + equal / 2 + 0.5) / (len(kept) + 1))
        if wait > 0:
            wait -= 1
            continue
        if len(kept) == capacity:
            kept, stride = kept[::2], stride * 2
        kept.append(v)
        wait = stride - 1
    return np.array(out)


def surprise(symbols):
    counts, losses, out = {}, [], []
    for i, s in enumerate(symbols):
        p = 1 / 8
        for k in range(min(3, i) + 1):
            c = counts.setdefault(tuple(symbols[i - k:i]), [0] * 8)
            weight = 4 if k == 0 else 2
            p = (c[s] + weight * p) / (sum(c) + weight)
            if c[s] == 255:
                c[:] = [v // 2 for v in c]
            c[s] += 1
        losses.append(-math.log(p))
        out.append(np.mean(losses[-12:]))
    return np.array(out)


def ngrams(x, warm_up, bins, orders, lag, largest):
    low, high = x[:warm_up].min(), x[:warm_up].max()
    width, low = 5 * (high - low) / bins, low - 2 * (high - low)
    level = [min(max(math.floor((v - low) / width), 0), bins - 1) for v in x]
    seen, fresh, out = [set() for _ in range(orders)], [0] * orders, np.zeros(len(x))
    for steps in (range(warm_up), range(warm_up, len(x))):
        for i in steps:
            parts = []
            for k in range(orders):
                if k * lag > i:
                    break
                gram = tuple(level[i - j * lag] for j in range(k + 1))
                parts.append(0.0)
                if gram not in seen[k]:
                    seen[k].add(gram)
                    parts[-1] = -math.log10((fresh[k] + 1) / (i + 2))
                    fresh[k] += 1
            out[i] = max(parts) if largest else sum(parts) / orders
    return out


def low(x):
    out = []
    for i, v in enumerate(x):
        at_or_below = int((x[:i] <= v).sum())
        beyond = sorted(set(x[:i]))[:32]
        out.append(0.0 if len(beyond) == 32 and v > beyond[-1] else -math.log10((at_or_below + 1) / (i + 1)))
    return np.array(out)


def detect(x, warm_up, threshold):
    block = max(1, warm_up // 104)
    y = (x - x[0]) / abs(x[0])
    symbols = [min(7, int(8 * r)) for r in ranks(y)]
    parts = [calibrated(seasonal(x, 0.1, 6)), calibrated(seasonal(x, 0.005, 3)), calibrated(course(y, block, 4)),
             calibrated(course(y, block, 8)), calibrated(course(y, 3 * block, 4)), calibrated(surprise(symbols)),
             ngrams(x, warm_up, 16, 4, block, False), ngrams(x, warm_up, 8, 5, 1, True), low(x)]
    weights = [0.35, 0.35, 0.7, 0.35, 0.4, 0.35, 1.7, 0.7, 0.3]
    score = sum(w * np.minimum(p, 10) for w, p in zip(weights, parts))
    alarms, budget, last, last_score = [], 0.0, -10**9, 0.0
    for i in range(warm_up, len(x)):
        budget *= math.exp(-1 / (4 * warm_up))
        if score[i] >= threshold * (1 + 0.2 * budget) and (i - last > int(0.3 * warm_up) or score[i] >= 1.5 * last_score):
            alarms.append(i)
            budget, last, last_score = budget + 1, i, score[i]
    return score, alarms


x = series()
score, alarms = detect(x, 225, 3.6)
picked = [225, 300, 500, 700, 899, 900, 901, 1000, 1199, 1200, 1210, 1259, 1300, 1400, 1405, 1499]
emit("detector.score", score[picked])
emit("detector.alarms", alarms)
emit("course.4", course(x, 2, 4)[picked])
emit("order", surprise([min(7, int(8 * r)) for r in ranks(x)])[picked])

a, b = uniforms(2000, 2), uniforms(900, 3)
files = [(a, [(400, 460), (700, 790)]), (b, [(200, 230)])]
for name, profile in (("standard", (1, 1, 0.11)), ("fewFalse", (1, 1, 0.22)), ("fewMissed", (1, 2, 0.11))):
    emit("nab.at." + name, nab(files, 0.98, *profile))
    emit("nab.best." + name, max(nab(files, t, *profile) for t in [2.0] + sorted(set(np.concatenate([a[300:], b[135:]])))[-400:]))

s = uniforms(600, 4)
segments = [(100, 120), (300, 309), (500, 501)]
for i, (p, q) in enumerate(segments):
    s[p:q + 1] += 0.35
emit("events", event_scores(s, segments))
emit("vus.0", vus(s, segments, 0))
emit("vus.20", vus(s, segments, 20))

u = uniforms(400, 5)
for shape in (-0.2, 0.0, 0.3):
    y = -2 * np.log(1 - u) if shape == 0 else 2 * ((1 - u) ** -shape - 1) / shape
    c, _, scale = stats.genpareto.fit(y, floc=0)
    emit("pareto.%g" % shape, (c, scale, stats.genpareto.ppf(0.999, c, scale=scale)))
