import numpy as np

x, y, z = np.array(-2.0), np.array(5.0), np.array(-4.0)

q = x + y
f = q * z

df = np.ones_like(f)
dq = df * z
dz = df * q
dx = dq * 1
dy = dq * 1

for name, value in [("f", f), ("dx", dx), ("dy", dy), ("dz", dz)]:
    print(f"{name} = {value:g}")
