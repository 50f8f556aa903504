"""The course CNN in PyTorch on the jets of one split (an .npz with train, validation, test images and labels)."""
import sys

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import nn

data = np.load(sys.argv[1])
torch.manual_seed(int(sys.argv[2]))
torch.set_num_threads(2)


def part(name):
    images = torch.from_numpy(data[f"{name}_images"]).permute(0, 3, 1, 2).contiguous()
    return images, torch.from_numpy(data[f"{name}_labels"].astype("float32"))[:, None]


train_x, train_y = part("train")
val_x, val_y = part("validation")
test_x, test_y = part("test")

net = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1),
    nn.ReLU(),
    nn.BatchNorm2d(8, eps=1e-3, momentum=0.4),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(1800, 64),
    nn.ReLU(),
    nn.Linear(64, 1),
)
for layer in net:
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7)
bce = nn.BCEWithLogitsLoss()


def penalty():
    return 0.01 * (net[0].weight ** 2).sum()


best, kept, since = float("inf"), None, 0
for epoch in range(100):
    net.train()
    for rows in torch.randperm(len(train_x)).split(1024):
        optimizer.zero_grad()
        (bce(net(train_x[rows]), train_y[rows]) + penalty()).backward()
        optimizer.step()
    net.eval()
    with torch.no_grad():
        loss = float(bce(net(val_x), val_y) + penalty())
    if loss < best:
        best, since, kept = loss, 0, {key: value.clone() for key, value in net.state_dict().items()}
    else:
        since += 1
        if since >= 10:
            break
net.load_state_dict(kept)
net.eval()
with torch.no_grad():
    print(roc_auc_score(test_y[:, 0], net(test_x)[:, 0]), epoch + 1)
