import { type MouseEvent, useState } from 'react';
import type { Split } from '../../store/plotted.ts';
import { selectLink } from '../../store/selectors.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import { spokenCoefficients } from '../charts/coefficients.tsx';
import { chainName } from '../ingredients/methods.ts';
import { save } from '../save.ts';

const FORMATS = ['SVG', 'PNG'] as const;

/** The plot as a picture that can be read without the page. */
export function PictureButtons({ split }: { readonly split: Split }) {
  const [failure, setFailure] = useState('');
  const take = async (event: MouseEvent<HTMLElement>, format: (typeof FORMATS)[number]) => {
    const panel = event.currentTarget.closest('.pareto');
    if (panel) setFailure(await picture(panel, split, format).catch(inWords));
  };
  return (
    <span className="take-picture">
      Plot:
      {FORMATS.map((format) => (
        <button
          key={format}
          type="button"
          className="flat"
          aria-label={`Download the plot as ${format}`}
          onClick={(event) => void take(event, format)}
        >
          save {format}
        </button>
      ))}
      {failure !== '' && <span role="status"> {failure}</span>}
    </span>
  );
}

const inWords = (error: unknown) =>
  `The picture was not made: ${error instanceof Error ? error.message : String(error)}.`;

/** Elements of the panel that make the plot, and below it what must be known to read it. */
const DRAWINGS = ['.axis-picker', '.plot', '.parallel-drawing'];
const TEXTS = ['.plot-key', '.fit-line'];

/** @returns why there is none; empty when it was saved */
async function picture(panel: Element, split: Split, format: (typeof FORMATS)[number]): Promise<string> {
  const { pictureOf, pngOf } = await import('../picture/picture.ts');
  const state = useStudio.getState();
  const { card, recipe } = state;
  const drawings = DRAWINGS.flatMap((each) => [...panel.querySelectorAll(each)]);
  if (!card || !recipe || !panel.querySelector('.plot svg, .parallel-drawing'))
    return 'Nothing is drawn yet: measure points first.';
  const axes = [...panel.querySelectorAll<HTMLSelectElement>('.axis-picker select')].map(
    (select) => select.selectedOptions[0]?.textContent ?? '',
  );
  const of = axes.length > 0 ? axes.join(' against ') : 'all tasks';
  const names = recipe.experts.map((id) => card.experts.find((expert) => expert.id === id)?.name ?? id);
  const made = pictureOf({
    title: `Trade-offs: ${of}`,
    about: [`${card.name}, ${names.join(', ')} merged by ${chainName(recipe)} · accuracy in % on the ${split} split`],
    parts: [drawings, ...TEXTS.flatMap((each) => [...panel.querySelectorAll(each)]).map((each) => [each])],
    notes: [
      'Solid marks and lines are measured, dashed lines and hollow marks estimated (the ring of the base is measured); the star is the merge of the address below.',
      spokenCoefficients(recipe, selectSpace(state)),
    ],
    address: `${location.origin}${location.pathname}${selectLink(state) ?? ''}`,
  });
  if (!made) return 'Nothing is drawn yet: measure points first.';
  const name = `trade-offs-${of}-${split}`.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
  if (format === 'SVG') save(`${name}.svg`, new Blob([made.svg], { type: 'image/svg+xml' }));
  else save(`${name}.png`, await pngOf(made));
  return '';
}
