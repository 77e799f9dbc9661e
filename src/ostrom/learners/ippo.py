"""IPPO: proximal policy optimisation, each seat for itself."""

from __future__ import annotations

from ._proximal import Proximal


class IPPO(Proximal):
    """Independent proximal policy optimisation (Schulman et al., 2017; de Witt et al., 2020).

    The network may have convolutions (`ippo:net=(net:channels=(16,))`) and a memory (`ippo:net=(net:units=32)`).

    Parameters
    ----------
    rate : learning rate of Adam; `fade` : whether it falls to 0 over the training.
    discount : of payoffs, per step; `trace` : λ of generalised advantage estimation (Schulman et al., 2016).
    entropy : weight of the entropy in the loss; `worth` : weight of the error of the value.
    clip : the largest norm of a gradient.
    length, copies : steps between two updates, and episodes side by side.
    shared : whether all seats of this learner have one mind.
    net : the network.
    epochs : how often a batch is gone through; `parts` : minibatches, which split the copies.
    near : how far the odds may leave those that played, 0.2 is ±20 %.
    """
