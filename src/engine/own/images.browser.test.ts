import { expect, test } from 'vitest';
import { readImages } from './images.ts';

/** A picture whose left half has one colour and the right half another. */
async function picture(side: number, left: string, right: string, type = 'image/png'): Promise<Blob> {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = left;
  context.fillRect(0, 0, side / 2, side);
  context.fillStyle = right;
  context.fillRect(side / 2, 0, side / 2, side);
  return canvas.convertToBlob({ type });
}

test('pictures in folders become grey levels of the network’s size, with the folder as label', async () => {
  const files = [
    { path: 'pets/cat/a.png', blob: await picture(4, '#fff', '#000') },
    { path: 'pets/dog/b.png', blob: await picture(8, '#f00', '#00f') },
    { path: 'pets/dog/c.png', blob: await picture(4, 'rgb(0 0 0 / 0)', '#0f0') },
  ];
  const { values, inputs, labels, notes } = await readImages(files, 'pets', 16);
  expect([inputs, labels, values.length]).toEqual([16, ['cat', 'dog', 'dog'], 48]);
  expect([...values.slice(0, 4)]).toEqual([255, 255, 0, 0]);
  // 0.299 · 255 and 0.114 · 255, at the ends of each row, where resizing mixes nothing.
  expect([values[16], values[19]]).toEqual([76, 29]);
  expect([...values.slice(32, 36)]).toEqual([0, 0, 150, 150]);
  expect(notes).toEqual(['1 of 3 pictures were resized to 4 × 4 pixels.']);
});

test('what is no picture, or a network that takes none, is told', async () => {
  const broken = [{ path: 'pets/cat/a.png', blob: new Blob(['text']) }];
  await expect(readImages(broken, 'pets', 16)).rejects.toThrow('pets/cat/a.png: is no picture');
  await expect(readImages(broken, 'pets', 15)).rejects.toThrow('15 numbers, which are no square picture');
});
