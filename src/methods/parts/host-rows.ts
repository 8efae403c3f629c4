/** Tensors as typed arrays, read where that may wait for a GPU. */
import type { Tensor } from '@tensorflow/tfjs-core';

export const hostRow = async (tensor: Tensor): Promise<Float32Array> => (await tensor.data()) as Float32Array;

export const hostRows = (tensors: readonly Tensor[]): Promise<Float32Array[]> => Promise.all(tensors.map(hostRow));
