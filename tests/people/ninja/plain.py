import torch
import torch.nn.functional as F

e = C[Xb]
f = e.view(e.shape[0], -1)
h = torch.relu(f @ W1 + b1)
logits = h @ W2 + b2
loss = F.cross_entropy(logits, Yb)

dlogits = F.softmax(logits, dim=1) - F.one_hot(Yb, num_classes=logits.shape[1]).float()
dlogits /= logits.shape[0]
dh = dlogits.mm(W2.t())
dW2 = torch.matmul(h.t(), dlogits)
db2 = dlogits.sum(dim=0)
dpre = dh * (h > 0).float()
df = dpre @ W1.T
dW1 = f.T @ dpre
db1 = dpre.sum(0)
de = df.reshape(e.shape)
dC = torch.zeros_like(C)
dC.index_add_(0, Xb.view(-1), de.view(-1, C.shape[1]))
