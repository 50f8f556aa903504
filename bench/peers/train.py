"""PyTorch twins of course-cnn and tutorial-cnn: one training epoch for each line on stdin, its seconds and CPU seconds on stdout.

python3 train.py NETWORK LAYOUT THREADS JETS BATCH [FILE ALL]

LAYOUT is nchw or channels_last, jets in memory; or memmap: an epoch is JETS random ones of ALL jets in a memory-mapped FILE, which is
made of holes, so that reading it costs no more than the page cache, read by a DataLoader with a process of its own.
"""
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler

network, layout, threads, jets, batch = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
torch.set_num_threads(threads)
torch.manual_seed(1)


class CourseCnn(nn.Module):
    pixels = 30

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding="same")
        self.norm = nn.BatchNorm2d(8, eps=1e-3, momentum=0.4)
        self.hidden = nn.Linear(1800, 64)
        self.score = nn.Linear(64, 1)

    def forward(self, x):
        x = F.max_pool2d(self.norm(F.relu(self.conv(x))), 2)
        return torch.sigmoid(self.score(F.relu(self.hidden(x.flatten(1)))))

    def loss(self, output, labels):
        return F.binary_cross_entropy(output[:, 0], labels.float()) + 0.01 * (self.conv.weight**2).sum()


class TutorialCnn(nn.Module):
    pixels = 40

    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(i, 8, 4, padding="same") for i in (1, 8, 8, 8))
        self.denses = nn.ModuleList(nn.Linear(i, o) for i, o in ((3200, 64), (64, 64), (64, 64), (64, 2)))

    def forward(self, x):
        x = F.relu(self.convs[1](F.relu(self.convs[0](x))))
        x = F.max_pool2d(x, 2)
        x = F.relu(self.convs[3](F.relu(self.convs[2](x)))).flatten(1)
        for dense in self.denses[:3]:
            x = F.relu(dense(x))
        return self.denses[3](x)

    def loss(self, output, labels):
        return F.cross_entropy(output, labels)


model = {"course-cnn": CourseCnn, "tutorial-cnn": TutorialCnn}[network]()
if layout == "channels_last":
    model = model.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)


class Mapped(Dataset):
    """Rows of a memory-mapped file, a batch at a time."""

    def __init__(self, path, count):
        self.images = numpy.memmap(path, numpy.float32, "w+", shape=(count, 1, model.pixels, model.pixels))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, rows):
        return torch.from_numpy(self.images[rows]), torch.tensor(rows) % 2


def memory():
    images = torch.rand(jets, 1, model.pixels, model.pixels)
    images = images * (torch.rand_like(images) < 0.05)
    labels = torch.arange(jets) % 2
    if layout == "channels_last":
        images = images.contiguous(memory_format=torch.channels_last)
    while True:
        order = torch.randperm(jets)
        yield ((images[rows], labels[rows]) for rows in order.split(batch))


def mapped(path, count):
    dataset = Mapped(path, count)
    sampler = BatchSampler(RandomSampler(dataset, num_samples=jets), batch, drop_last=False)
    loader = DataLoader(
        dataset, sampler=sampler, batch_size=None, num_workers=1, prefetch_factor=4, persistent_workers=True
    )
    while True:
        yield loader


epochs = mapped(sys.argv[6], int(sys.argv[7])) if layout == "memmap" else memory()
for _ in sys.stdin:
    started, used = time.perf_counter(), time.process_time()
    for images, labels in next(epochs):
        optimizer.zero_grad()
        loss = model.loss(model(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()
    print(time.perf_counter() - started, time.process_time() - used, flush=True)
