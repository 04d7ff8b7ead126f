"""What other scripts saved, under the names that the models here have.

    saved -> matching -> Restored

`saved` opens a file, whatever its format; `hdf5` reads Keras's; `matching` finds each of a model's
variables in it, by name, by layer or by shape and order; `fit` puts the three together;
`beginning` is what a new run takes from it, `inspection` what is said of it.
"""

from tf1gan.restoring.beginning import NOTHING, Beginning, beginning
from tf1gan.restoring.fit import Restored, restored
from tf1gan.restoring.hdf5 import is_hdf5
from tf1gan.restoring.inspection import inspect
from tf1gan.restoring.kinds import what_is
from tf1gan.restoring.saved import Saved, opened

__all__ = ["Beginning", "NOTHING", "Restored", "Saved", "beginning", "inspect", "is_hdf5",
           "opened", "restored", "what_is"]
