"""Makes the fixtures of TensorBundleTests: a checkpoint of TensorFlow 1's names, one of Keras's weights, a
SavedModel.

Run in this folder: python3 make_tensorflow_fixtures.py
Needs tensorflow 2.21. Writes tensorflow/.

The references are h of every step in float64: BasicLSTMCell's equations of tf.compat.v1.nn.rnn_cell, and
those of Keras's LSTM.
"""

import json
import os
import shutil

import numpy as np
import tensorflow as tf

T, I, H = 7, 3, 4
STREAM = np.random.default_rng(16)
X = STREAM.normal(size=(T, I)).astype(np.float32)
OUT = "tensorflow/"


def rand(*shape):
    return (STREAM.normal(size=shape) * 0.7).astype(np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def steps(W, R, b, order, more=0):
    h, c, out = np.zeros(H), np.zeros(H), []
    for x in X.astype(np.float64):
        s = dict(zip(order, np.split(x @ W + h @ R + b, 4)))
        c = sigmoid(s["f"] + more) * c + sigmoid(s["i"]) * np.tanh(s["z"])
        h = sigmoid(s["o"]) * np.tanh(c)
        out.append(h)
    return np.ravel(out).tolist()


def version1():
    kernel, bias = rand(I + H, 4 * H), rand(4 * H)
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        values = {"rnn/basic_lstm_cell/kernel": kernel, "rnn/basic_lstm_cell/bias": bias, "dense/kernel": rand(H, 2), "dense/bias": rand(2)}
        variables = [tf.compat.v1.get_variable(k, initializer=v) for k, v in values.items()]
        step = tf.compat.v1.get_variable("global_step", initializer=np.int64(7))
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver(variables + [step]).save(session, OUT + "model.ckpt", write_meta_graph=False)
    os.remove(OUT + "checkpoint")
    return steps(kernel[:I].astype(np.float64), kernel[I:].astype(np.float64), bias, "izfo", 1)


class Net(tf.Module):
    """A module with Keras's names, so that nothing of Keras's need be there."""

    def __init__(self, weights):
        super().__init__()
        self.lstm = tf.Module()
        self.lstm.cell = tf.Module()
        for name, value in weights.items():
            setattr(self.lstm.cell, name, tf.Variable(value))


def version2():
    w = dict(kernel=rand(I, 4 * H), recurrent_kernel=rand(H, 4 * H), bias=rand(4 * H))
    net = Net(w)
    tf.train.Checkpoint(net).write(OUT + "weights")
    tf.saved_model.save(net, OUT + "saved")
    for name in ("saved/fingerprint.pb", "saved/assets"):
        path = OUT + name
        shutil.rmtree(path) if os.path.isdir(path) else os.path.exists(path) and os.remove(path)
    return steps(*(w[n].astype(np.float64) for n in ("kernel", "recurrent_kernel", "bias")), "ifzo")


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    first, second = version1(), version2()
    cases = [dict(file="model.ckpt.index", h=first), dict(file="model.ckpt", h=first), dict(file="model.ckpt.data-00000-of-00001", h=first)]
    cases += [dict(file=f, h=second) for f in ("weights.index", "saved", "saved/variables")]
    with open(OUT + "cases.json", "w") as f:
        json.dump(dict(x=X.ravel().tolist(), width=I, cases=cases), f)
