/** A canvas' drawing as SVG paths. */
import type { Paint, Pen } from './pen.ts';
import { element } from './svg.ts';

const number = (value: number) => Number(value.toFixed(2)).toString();

/** The whole drawing, in the order in which it was painted. */
export function pathsOf(paint: Paint): SVGPathElement[] {
  const paths: SVGPathElement[] = [];
  let d = '';
  let dash = '';
  const add = (attributes: Readonly<Record<string, string>>) => {
    if (d !== '') paths.push(element('path', { d, ...attributes, opacity: number(pen.globalAlpha) }));
  };
  const pen: Pen = {
    strokeStyle: '#000',
    fillStyle: '#000',
    lineWidth: 1,
    lineJoin: 'miter',
    globalAlpha: 1,
    beginPath() {
      d = '';
    },
    moveTo(x, y) {
      d += `M${number(x)},${number(y)}`;
    },
    lineTo(x, y) {
      d += `L${number(x)},${number(y)}`;
    },
    closePath() {
      d += 'Z';
    },
    // Only whole circles are drawn.
    arc(x, y, r) {
      const [left, right, top] = [number(x - r), number(x + r), number(y)];
      d += `M${left},${top}A${number(r)},${number(r)} 0 1 1 ${right},${top}A${number(r)},${number(r)} 0 1 1 ${left},${top}Z`;
    },
    setLineDash(segments) {
      dash = [...segments].map(number).join(' ');
    },
    stroke() {
      add({
        fill: 'none',
        stroke: String(pen.strokeStyle),
        'stroke-width': number(pen.lineWidth),
        'stroke-linejoin': pen.lineJoin,
        ...(dash !== '' && { 'stroke-dasharray': dash }),
      });
    },
    fill() {
      add({ fill: String(pen.fillStyle) });
    },
  };
  const work = paint(pen);
  while (!work.next().done);
  return paths;
}
