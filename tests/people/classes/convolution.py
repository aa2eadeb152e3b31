import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        N, C, H, W = x.shape
        out_h = 1 + int((H + 2 * self.pad - FH) / self.stride)
        out_w = 1 + int((W + 2 * self.pad - FW) / self.stride)
        self.x = x
        out = np.zeros((N, FN, out_h, out_w))
        for i in range(out_h):
            for j in range(out_w):
                part = x[:, :, i:i + FH, j:j + FW].reshape(N, -1)
                out[:, :, i, j] = part @ self.W.reshape(FN, -1).T + self.b
        return out

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        N, FN, out_h, out_w = dout.shape
        dx = np.zeros_like(self.x)
        dW = np.zeros((FN, C * FH * FW))
        self.db = np.zeros_like(self.b)
        for i in range(out_h):
            for j in range(out_w):
                part = self.x[:, :, i:i + FH, j:j + FW].reshape(N, -1)
                d = dout[:, :, i, j]
                dW += d.T @ part
                self.db += d.sum(axis=0)  #~ self.db += d.mean(axis=0)
                dx[:, :, i:i + FH, j:j + FW] += (d @ self.W.reshape(FN, -1)).reshape(N, C, FH, FW)
        self.dW = dW.reshape(FN, C, FH, FW)
        return dx
