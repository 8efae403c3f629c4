import { useEffect, useMemo, useState } from 'react';
import { useStudio } from '../../store/studio.ts';

type Katex = typeof import('katex').default;

let loading: Promise<Katex> | undefined;

/** The typesetter is large: it arrives after the first live numbers, once. */
function useKatex(): Katex | undefined {
  const [katex, setKatex] = useState<Katex>();
  const settled = useStudio((state) => state.measurement?.source === 'here');
  useEffect(() => {
    if (!settled) return;
    let wanted = true;
    loading ??= import('katex').then((module) => module.default);
    loading.then(
      (loaded) => wanted && setKatex(() => loaded),
      // Without the typesetter the formula above stands without numbers; they are listed below it.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [settled]);
  return katex;
}

/** Colours that stand for experts in LaTeX, which knows no CSS variables; exchanged after typesetting. */
export const placeholderColour = (expert: number): string => `#0e0e0${(expert % 16).toString(16)}`;

/** LaTeX that stands for the number at this place of `numbers`: typesetting is slow, so a moving number is put in afterwards. */
export const placeholderNumber = (place: number): string => `\\text{N${place}N}`;

const withExpertColours = (html: string): string =>
  html.replaceAll(/mathcolor="#0e0e0([0-9a-f])"/g, (_, digit: string) => {
    return `class="expert-term" style="border-color:var(--expert-${Number.parseInt(digit, 16) % 8})"`;
  });

const withNumbers = (text: string, numbers: readonly string[]): string =>
  text.replaceAll(/N(\d+)N/g, (_, place: string) => numbers[Number(place)] ?? '');

interface FormulaProps {
  readonly latex: string;
  /** Texts of the placeholder numbers. */
  readonly numbers: readonly string[];
}

/** A formula with numbers as MathML; nothing until the typesetter is there. */
export function Formula({ latex, numbers }: FormulaProps) {
  const katex = useKatex();
  const html = useMemo(
    () => katex && withExpertColours(katex.renderToString(latex, { output: 'mathml', throwOnError: false })),
    [katex, latex],
  );
  const text = html === undefined ? undefined : withNumbers(html, numbers);
  // React writes the element anew for every new object, even with the same text, and laying out formulas is slow.
  const content = useMemo(() => text !== undefined && { __html: text }, [text]);
  if (!content) return null;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX escapes its input, and formulas and numbers are our own
  return <span className="formula" dangerouslySetInnerHTML={content} />;
}
