/** Which typefaces are drawn, what each is used for, and in which split: no superfamily is in two. */

export type Split = 'train' | 'calibration' | 'test';

/** The parts of a typeface's alphabet that are used, each a file of its own in a @fontsource package. */
export type Script = 'latin' | 'greek' | 'cyrillic' | 'japanese';

export type Style = 'serif' | 'sans' | 'mono' | 'script';
export const STYLES: readonly Style[] = ['serif', 'sans', 'mono', 'script'];

export interface Typeface {
  /** The package is `@fontsource/<id>`. */
  readonly id: string;
  readonly superfamily: string;
  readonly split: Split;
  /** The class in the task `style`; none where the letters would be a matter of taste. */
  readonly style: Style | undefined;
  readonly scripts: readonly Script[];
  readonly weights: readonly number[];
}

const SCRIPT_OF: Readonly<Record<string, Script>> = { L: 'latin', G: 'greek', C: 'cyrillic', K: 'japanese' };

function face(
  split: Split,
  superfamily: string,
  id: string,
  style: Style | undefined,
  letters: string,
  ...weights: number[]
): Typeface {
  const scripts = [...letters].map((letter) => SCRIPT_OF[letter] as Script);
  return { id, superfamily, split, style, scripts, weights: weights.length > 0 ? weights : [400, 700] };
}

export const TYPEFACES: readonly Typeface[] = [
  face('train', 'Noto', 'noto-sans', 'sans', 'LGC'),
  face('train', 'Noto', 'noto-serif', 'serif', 'LGC'),
  face('train', 'Noto', 'noto-sans-jp', undefined, 'K'),
  face('train', 'Roboto', 'roboto', 'sans', 'LGC', 300, 500, 900),
  face('train', 'Roboto', 'roboto-mono', 'mono', 'LGC'),
  face('train', 'EB Garamond', 'eb-garamond', 'serif', 'LGC'),
  face('train', 'Croscore', 'arimo', 'sans', 'LGC'),
  face('train', 'Croscore', 'tinos', 'serif', 'LGC'),
  face('train', 'Croscore', 'cousine', 'mono', 'LGC'),
  face('train', 'IBM Plex', 'ibm-plex-sans', 'sans', 'LGC'),
  face('train', 'IBM Plex', 'ibm-plex-mono', 'mono', 'LC'),
  face('train', 'Alegreya', 'alegreya', 'serif', 'LGC'),
  face('train', 'Commissioner', 'commissioner', 'sans', 'LGC', 300, 600),
  face('train', 'Jura', 'jura', 'sans', 'LGC'),
  face('train', 'Cardo', 'cardo', 'serif', 'LG', 400),
  face('train', 'Playfair', 'playfair-display', 'serif', 'LC'),
  face('train', 'Montserrat', 'montserrat', 'sans', 'LC'),
  face('train', 'JetBrains Mono', 'jetbrains-mono', 'mono', 'LGC'),
  face('train', 'Inconsolata', 'inconsolata', 'mono', 'L'),
  face('train', 'Caveat', 'caveat', 'script', 'LC'),
  face('train', 'Dancing Script', 'dancing-script', 'script', 'L'),
  face('train', 'Kalam', 'kalam', 'script', 'L'),
  face('train', 'Patrick Hand', 'patrick-hand', 'script', 'L', 400),
  face('train', 'Bad Script', 'bad-script', 'script', 'LC', 400),
  face('train', 'Zen', 'zen-maru-gothic', undefined, 'LGCK'),
  face('train', 'Zen', 'zen-old-mincho', undefined, 'LGCK'),
  face('train', 'Shippori', 'shippori-mincho', undefined, 'K'),
  face('train', 'Kosugi', 'kosugi-maru', undefined, 'K', 400),
  face('train', 'Yomogi', 'yomogi', undefined, 'K', 400),
  face('train', 'Dela Gothic', 'dela-gothic-one', undefined, 'GK', 400),
  face('train', 'Kaisei', 'kaisei-opti', undefined, 'K'),
  face('train', 'Kiwi Maru', 'kiwi-maru', undefined, 'K', 300, 500),

  face('calibration', 'Comfortaa', 'comfortaa', 'sans', 'LGC'),
  face('calibration', 'Literata', 'literata', 'serif', 'LGC'),
  face('calibration', 'Play', 'play', 'sans', 'LGC'),
  face('calibration', 'Manrope', 'manrope', 'sans', 'LGC'),
  face('calibration', 'Lora', 'lora', 'serif', 'LC'),
  face('calibration', 'Courier Prime', 'courier-prime', 'mono', 'L'),
  face('calibration', 'Marck Script', 'marck-script', 'script', 'LC', 400),
  face('calibration', 'Indie Flower', 'indie-flower', 'script', 'L', 400),
  face('calibration', 'Hina', 'hina-mincho', undefined, 'K', 400),
  face('calibration', 'Sawarabi', 'sawarabi-mincho', undefined, 'K', 400),

  face('test', 'Open Sans', 'open-sans', 'sans', 'LGC'),
  face('test', 'Source', 'source-serif-4', 'serif', 'LGC'),
  face('test', 'Fira', 'fira-sans', 'sans', 'LGC'),
  face('test', 'Fira', 'fira-mono', 'mono', 'LGC'),
  face('test', 'Vollkorn', 'vollkorn', 'serif', 'LGC'),
  face('test', 'Space', 'space-mono', 'mono', 'L'),
  face('test', 'Satisfy', 'satisfy', 'script', 'L', 400),
  face('test', 'Pangolin', 'pangolin', 'script', 'LC', 400),
  face('test', 'M PLUS', 'm-plus-1p', undefined, 'LGCK'),
  face('test', 'M PLUS', 'm-plus-rounded-1c', undefined, 'LGCK'),
  face('test', 'Klee', 'klee-one', undefined, 'K', 400, 600),
];

/** @throws when a superfamily stands in two splits, which would let a test typeface be seen in training */
export function checkSplits(typefaces: readonly Typeface[]): void {
  const splitOf = new Map<string, Split>();
  for (const { id, superfamily, split } of typefaces) {
    const known = splitOf.get(superfamily) ?? split;
    if (known !== split)
      throw new Error(`${id}: the superfamily ${superfamily} is in "${known}" and in "${split}", wanted one split`);
    splitOf.set(superfamily, split);
  }
}
