"""The same networks in Python PyTorch, as its users write them: the peer of
bench_forecast.

    python3 forecast_peer.py KIND ROWS BATCH EPOCHS
"""

import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

FEATURES, CHANNELS, SYMBOLS, BARS = 53, 5, 2200, 32
EMBEDDING, HIDDEN, STATE, TRUNK = 8, 64, 32, 32


class Heads(nn.Module):
    """A trunk with four outputs: three logits and the magnitude."""

    def __init__(self, width):
        super().__init__()
        self.trunk = nn.Linear(width, TRUNK)
        self.heads = nn.Linear(TRUNK, 4)

    def forward(self, x):
        return self.heads(functional.relu(self.trunk(x)))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(SYMBOLS + 1, EMBEDDING, padding_idx=0)
        self.features = nn.Linear(2 * FEATURES + EMBEDDING, HIDDEN)
        self.heads = Heads(HIDDEN)

    def forward(self, features, bars, symbols):
        x = torch.cat([features, self.embedding(symbols)], 1)
        return self.heads(functional.relu(self.features(x)))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(SYMBOLS + 1, EMBEDDING, padding_idx=0)
        self.bars = nn.LSTM(CHANNELS + 1, STATE, batch_first=True)
        self.heads = Heads(STATE + EMBEDDING)

    def forward(self, features, bars, symbols):
        _, (last, _) = self.bars(bars)
        return self.heads(torch.cat([last[0], self.embedding(symbols)], 1))


def rows_of(count):
    return {
        "features": torch.rand(count, 2 * FEATURES),
        "bars": torch.rand(count, BARS, CHANNELS + 1),
        "symbols": torch.randint(1, SYMBOLS + 1, (count,)),
        "labels": torch.randint(0, 3, (count,)),
        "magnitudes": torch.rand(count),
    }


def main():
    kind, rows, batch, epochs = sys.argv[1], *map(int, sys.argv[2:5])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    network = {"mlp": Mlp, "recurrent": Recurrent}[kind]()
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-2)
    weights = torch.tensor([1.0, 1.1, 0.9])
    training, validation = rows_of(rows), rows_of(1024)
    steps, whole = [], []
    last_epoch = None
    for _ in range(epochs):
        order = torch.randperm(rows)
        last_step = None
        for at in range(0, rows, batch):
            chosen = order[at : at + batch]
            out = network(*(training[k][chosen] for k in ("features", "bars", "symbols")))
            loss = functional.cross_entropy(
                out[:, :3], training["labels"][chosen], weight=weights
            ) + 0.1 * functional.huber_loss(
                functional.softplus(out[:, 3]), training["magnitudes"][chosen]
            )
            loss.item()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            now = time.perf_counter()
            if last_step is not None:
                steps.append((now - last_step) * 1e3)
            last_step = now
        if last_epoch is not None:
            whole.append((now - last_epoch) * 1e3)
        last_epoch = now
        with torch.no_grad():
            out = network(validation["features"], validation["bars"], validation["symbols"])
            functional.cross_entropy(out[:, :3], validation["labels"]).item()
    print(f"step_ms {statistics.median(steps):.4f}")
    print(f"epoch_ms {statistics.median(whole):.3f}")


main()
