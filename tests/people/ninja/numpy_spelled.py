# %%
import numpy as np
rng = np.random.RandomState(3)
n, d, k = 9, 5, 4
X = rng.randn(n, d)
W = 0.1 * rng.randn(d, k)
b = np.zeros(k)
target = rng.randn(n, k)
# %%
z = X @ W + b
a = 1 / (1 + np.exp(-z))
diff = a - target
loss = (diff ** 2).mean()
# %%
ddiff = 2 * diff / diff.size
da = ddiff
dz = da * a * (1 - a)
dW = X.T @ dz
db = dz.sum(axis=0)
dX = dz @ W.T
