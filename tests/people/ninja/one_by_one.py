# %%
import torch
n_in, n_out, n = 4, 3, 8
# %%
x = torch.randn(n, n_in)
w = torch.randn(n_in, n_out)
b = torch.randn(n_out)
y = torch.randn(n, n_out)
# %%
u = x @ w + b
mu = u.mean(1, keepdim=True)
v = u - mu
s2 = v.var(1, keepdim=True, unbiased=False)
r = torch.rsqrt(s2 + 1e-5)
out = v * r
err = out - y
loss = (err ** 2).sum() / n
# %%
derr = 2 * err / n
# %%
dout = derr
# %%
dv = dout * r
# %%
dr = (dout * v).sum(1, keepdim=True)
# %%
ds2 = dr * -0.5 * r**3
# %%
dv += ds2 * 2 * (v - v.mean(1, keepdim=True)) / n_out
# %%
du = dv.clone()
dmu = -dv.sum(1, keepdim=True)
# %%
du += dmu.expand_as(u) / n_out
# %%
dw = x.t() @ du
db = du.sum(0)
dx = du @ w.t()
