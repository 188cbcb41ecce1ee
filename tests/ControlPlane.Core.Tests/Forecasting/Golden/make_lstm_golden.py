"""Golden values for LstmGoldenTests from PyTorch (Debian: python3-torch 1.13.1). Run: /usr/bin/python3 make_lstm_golden.py > lstm.txt

A network of one LSTM layer and one dense layer on its last output, with weights, inputs and targets that are sines of their indices.
Prints the outputs, the loss, the gradients and the weights after one step of Adam, and of AdamW, with clipped gradients, a line each.
"""
import math

import torch

INPUTS, HIDDEN, OUTPUTS, ROWS, STEPS = 3, 8, 4, 5, 7
LEVELS = [0.1, 0.5, 0.9, 0.99]
RATE, CLIP, DECAY = 0.01, 0.05, 0.1


def wave(count, pace, size):
    return torch.tensor([size * math.sin(pace * (i + 1)) for i in range(count)], dtype=torch.float64)


def show(name, tensor):
    print(name, " ".join("%.9g" % v for v in tensor.detach().reshape(-1).tolist()))


torch.set_default_dtype(torch.float64)
cell, head = torch.nn.LSTM(INPUTS, HIDDEN, batch_first=True), torch.nn.Linear(HIDDEN, OUTPUTS)
joined = wave((INPUTS + HIDDEN) * 4 * HIDDEN, 0.7, 0.4).reshape(INPUTS + HIDDEN, 4 * HIDDEN)  # rows: inputs, then hidden
with torch.no_grad():
    cell.weight_ih_l0.copy_(joined[:INPUTS].T)
    cell.weight_hh_l0.copy_(joined[INPUTS:].T)
    cell.bias_ih_l0.copy_(wave(4 * HIDDEN, 1.3, 0.2))
    cell.bias_hh_l0.zero_()
    head.weight.copy_(wave(HIDDEN * OUTPUTS, 0.9, 0.5).reshape(HIDDEN, OUTPUTS).T)
    head.bias.copy_(wave(OUTPUTS, 1.1, 0.1))
cell.bias_hh_l0.requires_grad_(False)
x = wave(ROWS * STEPS * INPUTS, 0.37, 1.5).reshape(ROWS, STEPS, INPUTS)
target = wave(ROWS, 2.1, 1.0).reshape(ROWS, 1)

outputs, (h, c) = cell(x)
answer = head(outputs[:, -1])
levels = torch.tensor(LEVELS)
error = target - answer
loss = torch.maximum(levels * error, (levels - 1) * error).sum() / ROWS
trained = [cell.weight_ih_l0, cell.weight_hh_l0, cell.bias_ih_l0, head.weight, head.bias]
optimiser = torch.optim.Adam(trained, lr=RATE)
optimiser.zero_grad()
loss.backward()
show("hidden", h[0])
show("cell", c[0])
show("answer", answer)
show("loss", loss)


def weights(of):
    show(of[0] + ".lstm", torch.cat([of[1](cell.weight_ih_l0).T, of[1](cell.weight_hh_l0).T]))
    show(of[0] + ".bias", of[1](cell.bias_ih_l0))
    show(of[0] + ".head", of[1](head.weight).T)
    show(of[0] + ".offset", of[1](head.bias))


weights(("gradient", lambda p: p.grad))
norm = torch.nn.utils.clip_grad_norm_(trained, CLIP)
show("norm", norm)
before = [p.detach().clone() for p in trained]
optimiser.step()
weights(("after", lambda p: p))
with torch.no_grad():
    for p, b in zip(trained, before):
        p.copy_(b)
torch.optim.AdamW(trained, lr=RATE, weight_decay=DECAY).step()
weights(("decayed", lambda p: p))
