"""Digits as a picture and as an array, in files."""

import os
import zipfile

import numpy as np

from tf1gan import console, files, plots, randomness
from tf1gan.errors import UserError
from tf1gan.images import SIDE
from tf1gan.sampling.sampler import Sampler, joined

MAX_PICTURE = 10000         # digits in one picture


def _write_npz(path, pieces, n):
    """Writes pieces of n images as the one array `images` of an npz file."""
    header = {"descr": np.lib.format.dtype_to_descr(np.dtype(np.float32)),
              "fortran_order": False, "shape": (n, SIDE, SIDE)}
    with files.atomic(path) as file, \
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, \
            archive.open("images.npy", "w", force_zip64=True) as member:
        np.lib.format.write_array_header_1_0(member, header)
        for piece in pieces:
            member.write(piece.tobytes())


def sample_to_files(path, n=25, seed=None, model=None, dropout=False, nice=False, out=None,
                    npz=None, best=False):
    """Draws digits into a picture, an archive, or both.

    Args:
      path, model, dropout, best: as for Sampler.
      n: how many digits.
      seed: as for Sampler.sample.
      nice: draw more, and keep those that the discriminator rates highest.
      out: a PNG file to write; None is digits.png, or no picture where `npz` is given.
      npz: an npz file to write, holding `images`, float32 [n, 28, 28] in [0, 1].

    Raises:
      UserError: what Sampler raises, or a flag out of range.
    """
    picture = check_request(n, seed, nice, out, npz, best)
    with Sampler(path, model, dropout, discriminator=nice, best=best) as sampler:
        if sampler.batch_statistics:
            console.say(f"{sampler.checkpoint} has no moving statistics, so the digits are "
                        "normalized by the statistics of their batch.")
        folder = os.path.dirname(os.path.abspath(npz)) if npz else None
        pieces = (sampler.nice_pieces(n, seed, folder) if nice else sampler.pieces(n, seed))
        if picture:
            images = joined(pieces, n)
            pieces = [images]
        if npz:
            _write_npz(npz, pieces, n)
            console.say(f"{n} digits: {npz}")
    if picture:
        plots.save(picture, plots.tile(images))
        console.say(f"{n} digits: {picture}")


def check_request(n, seed, nice, out, npz, best):
    """Refuses what `sample_to_files` cannot do, before there is work.

    Returns:
      the picture's file, or None where there is to be none.
    """
    if not 1 <= n <= 1000000:
        raise UserError(f"-n must be from 1 to 1000000, not {n}")
    picture = out if out is not None else None if npz is not None else "digits.png"
    if picture and n > MAX_PICTURE:
        raise UserError(f"a picture shows {MAX_PICTURE} digits at most, not {n}: write them "
                        "with --npz FILE.npz and without --out")
    randomness.check_noise_seed(seed)
    if nice and best:
        raise UserError("--nice needs the discriminator, and --best keeps only the generator: "
                        "give only one of them")
    written = [file for file in (npz, picture) if file is not None]
    for file in written:
        files.check_writable(file)
    if len(set(map(os.path.realpath, written))) < len(written):
        raise UserError(f"--out and --npz both name {npz}: give each its own file")
    return picture
