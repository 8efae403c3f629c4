/**
 * The two parts of a transformer encoder that TensorFlow.js has no fast path for on WebAssembly, with 128-bit SIMD: attention
 * (its batched product of small matrices takes ten times as long) and layer normalisation (five kernels, each a pass over memory).
 *
 * All arrays are float32, row-major, given by their address in this module's memory.
 */

/** Where free memory begins. */
export function heapStart(): usize {
  return __heap_base;
}

/** Makes memory reach `end`; false when the machine has not enough. */
export function reserve(end: usize): bool {
  const pages = <i32>((end + 0xffff) >>> 16);
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0;
}

/** Bytes that `attention` needs as working space: transposed keys, and the scores of one head. */
export function attentionScratch(tokens: usize, width: usize): usize {
  return (tokens * width + tokens * tokens) << 2;
}

/**
 * softmax(q·kᵀ/√width)·v for every head of every image.
 * q, k, v, out: [images · tokens, heads · width]. `tokens` and `width` are multiples of 8.
 */
export function attention(
  q: usize,
  k: usize,
  v: usize,
  out: usize,
  scratch: usize,
  images: usize,
  tokens: usize,
  heads: usize,
  width: usize,
): void {
  const row: usize = (heads * width) << 2;
  const head: usize = width << 2;
  const scores: usize = scratch + ((tokens * width) << 2);
  const scale: f32 = <f32>1 / Mathf.sqrt(<f32>width);
  for (let image: usize = 0; image < images; image++) {
    for (let h: usize = 0; h < heads; h++) {
      const at: usize = image * tokens * row + h * head;
      transpose(k + at, row, scratch, tokens, width);
      product(q + at, row, scratch, tokens << 2, scores, tokens << 2, tokens, width, tokens);
      for (let i: usize = 0; i < tokens; i++) softmax(scores + ((i * tokens) << 2), tokens, scale);
      product(scores, tokens << 2, v + at, row, out + at, row, tokens, tokens, width);
    }
  }
}

/**
 * (x − mean)/√(variance + epsilon)·weight + bias, row by row.
 * x, out: [rows, dim]; weight, bias: [dim]. `dim` is a multiple of 4.
 */
export function layerNorm(
  x: usize,
  weight: usize,
  bias: usize,
  out: usize,
  rows: usize,
  dim: usize,
  epsilon: f32,
): void {
  const length: usize = dim << 2;
  for (let end: usize = x + rows * length; x < end; x += length, out += length) {
    let total = f32x4.splat(0);
    for (let i: usize = 0; i < length; i += 16) total = f32x4.add(total, v128.load(x + i));
    const mean = f32x4.splat(sum(total) / <f32>dim);
    let squares = f32x4.splat(0);
    for (let i: usize = 0; i < length; i += 16) {
      const centred = f32x4.sub(v128.load(x + i), mean);
      squares = f32x4.add(squares, f32x4.mul(centred, centred));
    }
    const scale = f32x4.splat(<f32>1 / Mathf.sqrt(sum(squares) / <f32>dim + epsilon));
    for (let i: usize = 0; i < length; i += 16) {
      const unit = f32x4.mul(f32x4.sub(v128.load(x + i), mean), scale);
      v128.store(out + i, f32x4.add(f32x4.mul(unit, v128.load(weight + i)), v128.load(bias + i)));
    }
  }
}

/** out[j][i] = from[i][j]; `from` has rows of `stride` bytes, `out` is dense. */
function transpose(from: usize, stride: usize, out: usize, rows: usize, columns: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      store<f32>(out + ((j * rows + i) << 2), load<f32>(from + i * stride + (j << 2)));
    }
  }
}

/**
 * c = a·b in tiles of 4 × 8 that stay in registers. Strides are in bytes; `rows` is a multiple of 4, `columns` one of 8.
 */
function product(
  a: usize,
  strideA: usize,
  b: usize,
  strideB: usize,
  c: usize,
  strideC: usize,
  rows: usize,
  depth: usize,
  columns: usize,
): void {
  for (let i: usize = 0; i < rows; i += 4) {
    for (let j: usize = 0; j < columns; j += 8) {
      let a0 = a + i * strideA;
      let a1 = a0 + strideA;
      let a2 = a1 + strideA;
      let a3 = a2 + strideA;
      let right = b + (j << 2);
      let c00 = f32x4.splat(0);
      let c01 = c00;
      let c10 = c00;
      let c11 = c00;
      let c20 = c00;
      let c21 = c00;
      let c30 = c00;
      let c31 = c00;
      for (let t: usize = 0; t < depth; t++) {
        const b0 = v128.load(right);
        const b1 = v128.load(right, 16);
        let x = v128.load32_splat(a0);
        c00 = f32x4.add(c00, f32x4.mul(x, b0));
        c01 = f32x4.add(c01, f32x4.mul(x, b1));
        x = v128.load32_splat(a1);
        c10 = f32x4.add(c10, f32x4.mul(x, b0));
        c11 = f32x4.add(c11, f32x4.mul(x, b1));
        x = v128.load32_splat(a2);
        c20 = f32x4.add(c20, f32x4.mul(x, b0));
        c21 = f32x4.add(c21, f32x4.mul(x, b1));
        x = v128.load32_splat(a3);
        c30 = f32x4.add(c30, f32x4.mul(x, b0));
        c31 = f32x4.add(c31, f32x4.mul(x, b1));
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
        right += strideB;
      }
      let to = c + i * strideC + (j << 2);
      v128.store(to, c00);
      v128.store(to, c01, 16);
      to += strideC;
      v128.store(to, c10);
      v128.store(to, c11, 16);
      to += strideC;
      v128.store(to, c20);
      v128.store(to, c21, 16);
      to += strideC;
      v128.store(to, c30);
      v128.store(to, c31, 16);
    }
  }
}

/** In place: softmax of `scale` times a row of `length` numbers. */
function softmax(row: usize, length: usize, scale: f32): void {
  const end = row + (length << 2);
  let most = v128.load(row);
  for (let at = row + 16; at < end; at += 16) most = f32x4.max(most, v128.load(at));
  const top = f32x4.splat(
    max(
      max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    ),
  );
  const factor = f32x4.splat(scale);
  let total = f32x4.splat(0);
  for (let at = row; at < end; at += 16) {
    const power = exponential(f32x4.mul(f32x4.sub(v128.load(at), top), factor));
    v128.store(at, power);
    total = f32x4.add(total, power);
  }
  const share = f32x4.splat(<f32>1 / sum(total));
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), share));
}

function sum(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** Below it e^x is not a normal float32 any more. */
const LEAST: f32 = -87;
const LOG2_E: f32 = <f32>Math.LOG2E;
/** ln 2 in two parts: n times the first is exact. */
const LN_2_HIGH: f32 = 0.693359375;
const LN_2_LOW: f32 = -2.1219444e-4;
const EXPONENT_BIAS = 127;
const MANTISSA_BITS = 23;

/** e^x for x ≤ 0, to 2e-7 of its value: 2ⁿ·eʳ with |r| ≤ ½ ln 2, eʳ by its series. Not a number stays not a number. */
function exponential(x: v128): v128 {
  const bounded = f32x4.max(x, f32x4.splat(LEAST));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(LOG2_E)));
  const coarse = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(LN_2_HIGH)));
  const r = f32x4.sub(coarse, f32x4.mul(n, f32x4.splat(LN_2_LOW)));
  let series = f32x4.splat(1.0 / 720);
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(1.0 / 120));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(1.0 / 24));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(1.0 / 6));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(0.5));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(1));
  series = f32x4.add(f32x4.mul(series, r), f32x4.splat(1));
  const exponent = i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(EXPONENT_BIAS));
  return f32x4.mul(series, i32x4.shl(exponent, MANTISSA_BITS));
}
