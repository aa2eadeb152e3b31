# %%
import torch
import torch.nn.functional as F
# %%
n_in = 7
n_hid = 11
W1 = torch.randn(n_in, n_hid) * 0.1
b1 = torch.zeros(n_hid)
g = torch.ones(n_hid)
s = torch.zeros(n_hid)
W2 = torch.randn(n_hid, 5) * 0.1
b2 = torch.zeros(5)
params = [W1, b1, g, s, W2, b2]
history = []
# %%
steps = 1000
batch = 12
with torch.no_grad():
    for step in range(steps):
        ix = torch.randint(0, images.shape[0], (batch,))
        xb, yb = images[ix], labels[ix]
        h = xb @ W1 + b1
        mean = h.mean(0)
        var = h.var(0)
        inv = (var + 1e-5) ** -0.5
        hat = (h - mean) * inv
        p = g * hat + s
        act = F.relu(p)
        logits = act @ W2 + b2
        loss = F.cross_entropy(logits, yb)
        for q in params:
            q.grad = None
        dlogits = torch.softmax(logits, 1)
        dlogits[torch.arange(batch), yb] -= 1
        dlogits = dlogits / batch
        dact = dlogits @ W2.T
        dW2 = act.T @ dlogits
        db2 = dlogits.sum(0)
        dp = dact * (p > 0)
        dg = (dp * hat).sum(0)
        ds = dp.sum(0)
        dh = g * inv / batch * (batch * dp - dp.sum(0) - batch / (batch - 1) * hat * (dp * hat).sum(0))
        dW1 = xb.T @ dh
        db1 = dh.sum(0)
        rate = 0.1 if step < 500 else 0.01
        for q, grad in zip(params, [dW1, db1, dg, ds, dW2, db2]):
            q.data += -rate * grad
        if step % 100 == 0:
            print(step, loss.item())
        history.append(loss.log10().item())
# %%
print(history[-1])
