"""PyTorch twins of course-cnn and tutorial-cnn: one training epoch for each line on stdin, its seconds and CPU seconds on stdout."""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

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
images = torch.rand(jets, 1, model.pixels, model.pixels)
images = images * (torch.rand_like(images) < 0.05)
labels = torch.arange(jets) % 2
if layout == "channels_last":
    model = model.to(memory_format=torch.channels_last)
    images = images.contiguous(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)

for _ in sys.stdin:
    started, used = time.perf_counter(), time.process_time()
    order = torch.randperm(jets)
    for first in range(0, jets, batch):
        rows = order[first : first + batch]
        optimizer.zero_grad()
        loss = model.loss(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        loss.item()
    print(time.perf_counter() - started, time.process_time() - used, flush=True)
