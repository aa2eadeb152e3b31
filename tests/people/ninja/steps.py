# %%
import torch
import torch.nn.functional as F
# %%
def compare(label, mine, value):
    print(label, torch.allclose(mine, value.grad))
# %%
letters = sorted(set(open('letters.txt').read()))
to_place = {c: i for i, c in enumerate(letters)}
vocab_size = len(to_place)
width, hidden = 6, 20
context_size = 2
# %%
gen = torch.Generator().manual_seed(7)
table = torch.randn((vocab_size, width), generator=gen)
w1 = torch.randn((width * context_size, hidden), generator=gen) * 0.3
c1 = torch.randn(hidden, generator=gen) * 0.1
gain = torch.randn((1, hidden)) * 0.1 + 1.0
shift = torch.randn((1, hidden)) * 0.1
w2 = torch.randn((hidden, vocab_size), generator=gen) * 0.2
c2 = torch.randn(vocab_size, generator=gen) * 0.1
parameters = [table, w1, c1, gain, shift, w2, c2]
for p in parameters:
    p.requires_grad = True
# %%
batch_size = 16
picked = torch.randint(0, data.shape[0], (batch_size,), generator=gen)
ids, goal = data[picked], labels[picked]
m = batch_size
# %%
rows = table[ids]
flat = rows.view(rows.shape[0], -1)
z = flat @ w1 + c1
average = z.sum(0, keepdim=True) / m
centred = z - average
squares = centred**2
spread = squares.sum(0, keepdim=True) / (m - 1)
scale = (spread + 1e-5)**-0.5
normal = centred * scale
bent = gain * normal + shift
act = torch.tanh(bent)
scores = act @ w2 + c2
top = scores.max(1, keepdim=True).values
lowered = scores - top
powers = lowered.exp()
total = powers.sum(1, keepdims=True)
share = total**-1
chance = powers * share
logs = chance.log()
loss = -logs[range(m), goal].mean()
for p in parameters:
    p.grad = None
for value in [logs, chance, powers, scores, act, bent, normal, z, rows]:
    value.retain_grad()
loss.backward()
# %%
dlogs = torch.zeros_like(logs)
dlogs[range(m), goal] = -1.0 / m
dchance = dlogs / chance
dshare = (powers * dchance).sum(1, keepdim=True)
dpowers = share * dchance
dtotal = -total**-2 * dshare
dpowers += torch.ones_like(powers) * dtotal
dlowered = powers * dpowers
dscores = dlowered.clone()
dtop = (-dlowered).sum(1, keepdim=True)
dscores += F.one_hot(scores.max(1).indices, num_classes=scores.shape[1]) * dtop
dact = dscores @ w2.T
dw2 = act.T @ dscores
dc2 = dscores.sum(0)
dbent = (1.0 - act**2) * dact
dgain = (normal * dbent).sum(0, keepdim=True)
dshift = dbent.sum(0, keepdim=True)
dnormal = gain * dbent
dcentred = scale * dnormal
dscale = (centred * dnormal).sum(0, keepdim=True)
dspread = -0.5 * (spread + 1e-5)**-1.5 * dscale
dsquares = torch.ones_like(squares) * dspread / (m - 1)
dcentred += 2 * centred * dsquares
dz = dcentred.clone()
daverage = (-dcentred).sum(0)
dz += torch.ones_like(z) * daverage / m
dflat = dz @ w1.T
dw1 = flat.T @ dz
dc1 = dz.sum(0)
drows = dflat.view(rows.shape)
dtable = torch.zeros_like(table)
for i in range(ids.shape[0]):
    for j in range(ids.shape[1]):
        dtable[ids[i, j]] += drows[i, j]
compare('logs', dlogs, logs)
compare('scores', dscores, scores)
compare('z', dz, z)
compare('table', dtable, table)
# %%
fast = F.cross_entropy(scores, goal)
print(fast.item(), (fast - loss).item())
# %%
dscores = F.softmax(scores, 1)
dscores[range(m), goal] -= 1
dscores /= m
compare('scores', dscores, scores)
# %%
dscores.shape, goal.shape
# %%
dz = gain*scale/m * (m*dbent - dbent.sum(0) - m/(m-1)*normal*(dbent*normal).sum(0))
compare('z', dz, z)
