// A generator: dense layers and transposed convolutions, as tf1gan/report/generator.py has them.

/** The numbers of a base64 text of little-endian float32. */
function floats(text) {
  return new Float32Array(bytes(text));
}

/** The same of float16, times a factor. */
function halves(text, factor) {
  const view = new Uint16Array(bytes(text)), values = new Float32Array(view.length);
  for (let k = 0; k < view.length; k++) values[k] = HALVES[view[k]] * factor;
  return values;
}

/** Every float16 by its bits. */
const HALVES = Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
  const exponent = (bits >> 10) & 31, fraction = bits & 1023;
  const size = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
  return bits & 0x8000 ? -size : size;
});

function bytes(text) {
  const decoded = atob(text), values = new Uint8Array(decoded.length);
  for (let k = 0; k < decoded.length; k++) values[k] = decoded.charCodeAt(k);
  return values.buffer;
}

const ACTIVATIONS = {
  leaky: (slope) => (value) => (value < 0 ? value * slope : value),
  tanh: () => Math.tanh,
  sigmoid: () => (value) => 1 / (1 + Math.exp(-value)),
};

/** y[j] = sum over i of x[i] kernel[i, j]. */
function dense(x, kernel, outputs) {
  const y = new Float64Array(outputs);
  for (let i = 0; i < x.length; i++) {
    const xi = x[i], row = i * outputs;
    for (let j = 0; j < outputs; j++) y[j] += xi * kernel[row + j];
  }
  return y;
}

/**
 * A transposed convolution of square images [side, side, channels]: pixel (i, j) of the small one
 * adds to pixel (stride i - before + a, stride j - before + b) of the large one by kernel[a, b].
 */
function transposed(x, kernel, { shape: [size, , inputs, outputs], side, stride, before }) {
  const small = Math.round(Math.sqrt(x.length / inputs));
  const y = new Float64Array(side * side * outputs);
  for (let i = 0; i < small; i++) for (let a = 0; a < size; a++) {
    const row = stride * i - before + a;
    if (row < 0 || row >= side) continue;
    for (let j = 0; j < small; j++) for (let b = 0; b < size; b++) {
      const column = stride * j - before + b;
      if (column < 0 || column >= side) continue;
      const from = (i * small + j) * inputs, to = (row * side + column) * outputs;
      const tap = (a * size + b) * inputs;
      for (let k = 0; k < inputs; k++) {
        const value = x[from + k], weights = (tap + k) * outputs;
        if (value !== 0) for (let o = 0; o < outputs; o++) y[to + o] += value * kernel[weights + o];
      }
    }
  }
  return y;
}

/** A generator of a page's content: a function of noise [100] to pixels [784] in [0, 1]. */
function generatorOf({ layers, range: [low, high] }) {
  const ready = layers.map((layer) => ({
    ...layer, kernel: halves(layer.kernel, layer.factor), bias: floats(layer.bias),
    activate: ACTIVATIONS[layer.activation](layer.slope),
  }));
  return (noise) => {
    let x = noise;
    for (const layer of ready) {
      x = layer.side ? transposed(x, layer.kernel, layer)
        : dense(x, layer.kernel, layer.shape[1]);
      const channels = layer.bias.length;
      for (let k = 0; k < x.length; k++) x[k] = layer.activate(x[k] + layer.bias[k % channels]);
    }
    return Float32Array.from(x, (value) => Math.min(Math.max((value - low) / (high - low), 0), 1));
  };
}

/** New noise of a kind: uniform in [-1, 1], or normal. */
function newNoise(kind) {
  const uniform = () => 2 * Math.random() - 1;
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return Float32Array.from({ length: 100 }, kind === "normal" ? normal : uniform);
}

/** The noise on the way from one to another, along a circle: halfway it is no weaker. */
function between(from, to, share) {
  const size = (noise) => Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0));
  const product = from.reduce((sum, value, k) => sum + value * to[k], 0);
  const angle = Math.acos(Math.min(Math.max(product / (size(from) * size(to)), -1), 1));
  if (angle < 1e-3) return from.map((value, k) => value + share * (to[k] - value));
  const a = Math.sin((1 - share) * angle) / Math.sin(angle), b = Math.sin(share * angle) / Math.sin(angle);
  return from.map((value, k) => a * value + b * to[k]);
}

/** Draws pixels [784] in [0, 1] on a canvas of 28 x 28. */
function drawPixels(target, pixels) {
  const image = new ImageData(28, 28);
  pixels.forEach((value, k) => image.data.set([...Array(3).fill(Math.round(255 * value)), 255], 4 * k));
  target.getContext("2d").putImageData(image, 0, 0);
}
