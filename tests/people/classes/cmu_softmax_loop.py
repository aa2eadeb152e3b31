import numpy as np


class Softmax:
    def forward(self, Z):
        exp_Z = np.exp(Z)
        self.A = exp_Z / np.sum(exp_Z, axis=1, keepdims=True)
        self.N = Z.shape[0]
        self.C = Z.shape[1]
        return self.A

    def backward(self, dLdA):
        N = self.N
        C = self.C
        dLdZ = np.zeros((N, C))
        for i in range(N):
            J = np.zeros((C, C))
            for m in range(C):
                for n in range(C):
                    if m == n:
                        J[m, n] = self.A[i, m] * (1 - self.A[i, m])
                    else:
                        J[m, n] = -self.A[i, m] * self.A[i, n]
            dLdZ[i, :] = dLdA[i, :] @ J  #~ dLdZ[i, :] = dLdA[i, :] @ J * 2
        return dLdZ
