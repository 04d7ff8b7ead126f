"""What other scripts saved, under the names that the models here have.

    saved -> matching -> Restored

`saved` opens a file, whatever its format; `hdf5` reads Keras's; `matching` finds each of a model's
variables in it, by name, by layer or by shape and order; `fit` puts the three together;
`beginning` is what a new run takes from it, `inspection` what is said of it.
"""

from tf1gan.restoring.fit import Restored, fit, restored, variables_of
from tf1gan.restoring.saved import Saved, opened

__all__ = ["Restored", "Saved", "fit", "opened", "restored", "variables_of"]
