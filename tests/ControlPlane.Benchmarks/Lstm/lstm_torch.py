"""The network of LstmCase in PyTorch on one thread, for the benchmark `lstm`.

Reads the case (a name and numbers a line) from standard input; prints lines of `time`, `note` and `numbers`. Each part is written in every form that
might be fast (modules, functional cell calls, traced by torch.jit, per-step or whole-window layers, foreach optimiser or not) and the fastest counts.
"""
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
case = {}
for line in sys.stdin:
    name, *numbers = line.split()
    case[name] = torch.tensor([float(n) for n in numbers])
inputs, hidden, outputs, horizon, window = (int(v) for v in case["shape"])
rate, decay, clip = (float(v) for v in case["training"])
levels = case["levels"]
median = levels.tolist().index(0.5)
covariates = inputs - 1
known = case["known"].reshape(window, covariates)
ahead = case["ahead"].reshape(horizon, covariates)
values = case["values"]


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell, self.head = nn.LSTM(inputs, hidden), nn.Linear(hidden, outputs)
        joined = case["cell"].reshape(inputs + hidden, 4 * hidden)
        with torch.no_grad():
            self.cell.weight_ih_l0.copy_(joined[:inputs].T)
            self.cell.weight_hh_l0.copy_(joined[inputs:].T)
            self.cell.bias_ih_l0.copy_(case["bias"])
            self.cell.bias_hh_l0.zero_()
            self.head.weight.copy_(case["head"].reshape(hidden, outputs).T)
            self.head.bias.copy_(case["offset"])
        self.cell.bias_hh_l0.requires_grad_(False)

    def trained(self):
        return [self.cell.weight_ih_l0, self.cell.weight_hh_l0, self.cell.bias_ih_l0, self.head.weight, self.head.bias]


class CellForecast(nn.Module):
    """Observation and forecast on one LSTMCell with the network's weights."""

    def __init__(self, network):
        super().__init__()
        self.median = median
        self.cell, self.head = nn.LSTMCell(inputs, hidden), network.head
        with torch.no_grad():
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                getattr(self.cell, name).copy_(getattr(network.cell, name + "_l0"))

    def observe(self, x, h, c):
        return self.cell(x, (h, c))

    def forward(self, h: torch.Tensor, c: torch.Tensor, later: torch.Tensor) -> torch.Tensor:
        row = torch.sort(self.head(h), dim=1)[0]
        rows = [row]
        for step in range(later.size(0)):
            x = torch.cat([row[:, self.median : self.median + 1], later[step : step + 1]], dim=1)
            h, c = self.cell(x, (h, c))
            row = torch.sort(self.head(h), dim=1)[0]
            rows.append(row)
        return torch.cat(rows)


class PlainForecast(nn.Module):
    """The same written out: one product for both sources, bound weights, so that a compiler has least to do."""

    def __init__(self, network):
        super().__init__()
        self.median = median
        cell = network.cell
        self.weights = torch.cat([cell.weight_ih_l0, cell.weight_hh_l0], dim=1).T.contiguous().detach()
        self.bias = (cell.bias_ih_l0 + cell.bias_hh_l0).detach()
        self.head_weights, self.head_bias = network.head.weight.T.contiguous().detach(), network.head.bias.detach()

    def forward(self, h: torch.Tensor, c: torch.Tensor, later: torch.Tensor) -> torch.Tensor:
        row = torch.sort(torch.addmm(self.head_bias, h, self.head_weights), dim=1)[0]
        rows = [row]
        for step in range(later.size(0)):
            joined = torch.cat([row[:, self.median : self.median + 1], later[step : step + 1], h], dim=1)
            i, f, g, o = torch.addmm(self.bias, joined, self.weights).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            row = torch.sort(torch.addmm(self.head_bias, h, self.head_weights), dim=1)[0]
            rows.append(row)
        return torch.cat(rows)


def layer_forecast(network, h, c, later):
    state = (h.unsqueeze(0), c.unsqueeze(0))
    row = torch.sort(network.head(h), dim=1)[0]
    rows = [row]
    for step in range(later.size(0)):
        x = torch.cat([row[:, median : median + 1], later[step : step + 1]], dim=1).unsqueeze(0)
        out, state = network.cell(x, state)
        row = torch.sort(network.head(out[0]), dim=1)[0]
        rows.append(row)
    return torch.cat(rows)


def clock(action, repeats=3, rounds=150):
    """Microseconds of a call: the fastest of several rounds, which other work on the machine disturbs least."""
    for _ in range(100):
        action()
    means = []
    for _ in range(rounds):
        begun = time.perf_counter()
        for _ in range(repeats):
            action()
        means.append((time.perf_counter() - begun) / repeats * 1e6)
    return min(means)


def best(name, forms):
    """Times every form, reports all and keeps the fastest."""
    times = {form: clock(action) for form, action in forms.items()}
    fastest = min(times, key=times.get)
    print("time", name.replace(" ", "_"), "%.3f" % times[fastest])
    print("note", name.replace(" ", "_"), "fastest is " + fastest + " of " + ", ".join("%s %.0f µs" % f for f in times.items()))
    return fastest


def numbers(name, tensor):
    print("numbers", name, " ".join("%.9g" % v for v in tensor.detach().reshape(-1).tolist()))


def train(network, optimiser, x, targets):
    out, _ = network.cell(x)
    error = targets - network.head(out[:, 0])
    loss = torch.maximum(levels * error, (levels - 1) * error).mean()
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained_of(network), clip)
    optimiser.step()
    return loss


def trained_of(network):
    return network.trained()


network = Network()
cells, plain = CellForecast(network), PlainForecast(network)
sequence = torch.cat([values[:-1].reshape(-1, 1), known], dim=1).unsqueeze(1)
newest = torch.cat([values[-1:].reshape(1, 1), ahead[:1]], dim=1)
later = ahead[1:]

forms_observe, forms_forecast = {}, {}
with torch.no_grad():
    _, (h0, c0) = network.cell(sequence)
    h, c = cells.observe(newest, h0[0], c0[0])
    scripted = {"cells, scripted": torch.jit.script(cells.eval()), "written out, scripted": torch.jit.script(plain.eval())}
    frozen = {name + ", frozen": torch.jit.freeze(module) for name, module in scripted.items()}
    forms_forecast = {"layer": lambda: layer_forecast(network, h, c, later), "cells": lambda: cells(h, c, later), "written out": lambda: plain(h, c, later)}
    for name, module in {**scripted, **frozen}.items():
        forms_forecast[name] = lambda module=module: module(h, c, later)
    three = newest.unsqueeze(0)
    state = (h0, c0)
    forms_observe = {"layer": lambda: network.cell(three, state), "cell": lambda: cells.observe(newest, h0[0], c0[0])}
    best("observation", forms_observe)
    fastest = best("forecast", forms_forecast)
    numbers("quantiles", forms_forecast[fastest]())

    def both(observe):
        if observe == "cell":
            a, b = cells.observe(newest, h0[0], c0[0])
        else:
            _, (a, b) = network.cell(three, state)
            a, b = a[0], b[0]
        if fastest == "layer":
            return layer_forecast(network, a, b, later)
        module = {"cells": cells, "written out": plain, **scripted, **frozen}[fastest]
        return module(a, b, later)

    best("observation + forecast", {"layer": lambda: both("layer"), "cell": lambda: both("cell")})

targets = values[1:].reshape(-1, 1)
first = Network()
loss = train(first, torch.optim.AdamW(first.trained(), lr=rate, weight_decay=decay), sequence, targets)
numbers("loss", loss)
numbers("cell", torch.cat([first.cell.weight_ih_l0.T, first.cell.weight_hh_l0.T]))
numbers("bias", first.cell.bias_ih_l0)
numbers("head", first.head.weight.T)
numbers("offset", first.head.bias)
learners = {}
for kind, foreach in (("one by one", False), ("foreach", True)):
    learner = Network()
    learners[kind] = (learner, torch.optim.AdamW(learner.trained(), lr=rate, weight_decay=decay, foreach=foreach))


def step(kind):
    learner, optimiser = learners[kind]
    return train(learner, optimiser, sequence, targets)


def step_and_forecast(kind):
    step(kind)
    with torch.no_grad():
        forms_forecast[fastest]()


best("training step", {kind: lambda kind=kind: step(kind) for kind in learners})
best("training step + forecast", {kind: lambda kind=kind: step_and_forecast(kind) for kind in learners})
