import numpy as np


class CrossEntropyLoss:

    def forward(self, A, Y):
        self.A = A
        self.Y = Y
        self.N = A.shape[0]
        self.C = A.shape[1]
        Ones_C = np.ones((self.C, 1))
        Ones_N = np.ones((self.N, 1))
        self.softmax = np.exp(self.A) / np.sum(np.exp(A), axis=1, keepdims=True)
        crossentropy = (-self.Y * np.log(self.softmax)) @ Ones_C
        sum_crossentropy = Ones_N.T @ crossentropy
        return sum_crossentropy / self.N

    def backward(self):
        dLdA = (self.softmax - self.Y) / self.N  #~ dLdA = self.softmax - self.Y
        return dLdA
