/** The eight tasks, and the broad set of glyphs that the base is pre-trained on. */
import { type Script, STYLES } from './typefaces.ts';

const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const GREEK = 'αβγδεζηθικλμνξοπρστυφχψω';
const CYRILLIC = 'абвгдежзийклмнопрстуфхцчшщъыьэюя';
const HIRAGANA = 'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん';
const KATAKANA = 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン';
const KANJI =
  '一二三四五六七八九十百千上下左右中大小月日年早木林山川土空田天生花草虫犬人名女男子目耳口手足見音力気円入出立休先夕本文字学校村町森正水火玉王石竹糸貝車金雨赤青白' +
  '父母兄姉友何作光米走里長門馬魚鳥東西南北古今広高';
const SYMBOLS = '!?&%@#$+=*/(';
const GREEK_CAPITALS = 'ΓΔΘΛΞΠΣΦΨΩ';

/** Letters that a quarter turn changes and that no other letter turns into. */
const TURNING_LETTERS = 'ABCDEFGJKLPQRTVYaefghjkrty';
const TURNS = ['upright', '90°', '180°', '270°'];

/** Glyphs that look like one already in the broad set; a class of their own would be label noise. */
const LOOKALIKES = 'cosvwxzονаеорсухгпфヘ一';

/** What decides the label of a sample: its character, a quarter turn of the image, or the typeface's style. */
export type Label = 'character' | 'turn' | 'style';

export interface Task {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly label: Label;
  readonly classes: readonly string[];
  /** The characters that are drawn; the classes themselves where the label is the character. */
  readonly characters: readonly string[];
}

function characterTask(id: string, name: string, summary: string, characters: string): Task {
  return { id, name, summary, label: 'character', classes: [...characters], characters: [...characters] };
}

export const TASKS: readonly Task[] = [
  characterTask('digits', 'Digits', 'which of the ten digits it is', DIGITS),
  characterTask('upper', 'Capitals', 'which Latin capital letter it is', UPPER),
  characterTask('lower', 'Small letters', 'which Latin small letter it is', LOWER),
  characterTask('greek', 'Greek', 'which small Greek letter it is', GREEK),
  characterTask('cyrillic', 'Cyrillic', 'which small Cyrillic letter it is', CYRILLIC),
  characterTask('kana', 'Kana', 'which hiragana it is', HIRAGANA),
  {
    id: 'rotation',
    name: 'Rotation',
    summary: 'by how many quarter turns a Latin letter is rotated',
    label: 'turn',
    classes: TURNS,
    characters: [...TURNING_LETTERS],
  },
  {
    id: 'style',
    name: 'Style',
    summary: 'whether a Latin letter is set in a serif, sans-serif, monospaced or script typeface',
    label: 'style',
    classes: STYLES,
    characters: [...UPPER, ...LOWER],
  },
];

/** Pre-training: some 340 glyphs of many scripts, each a class. */
export const BROAD: Task = characterTask(
  'broad',
  'Broad',
  'which of many glyphs it is',
  [DIGITS, UPPER, LOWER, GREEK, GREEK_CAPITALS, CYRILLIC, HIRAGANA, KATAKANA, KANJI, SYMBOLS]
    .map((part) => [...part].filter((character) => !LOOKALIKES.includes(character)).join(''))
    .join(''),
);

/** The file of a typeface that holds a character. */
export function scriptOf(character: string): Script {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x250) return 'latin';
  if (code >= 0x370 && code < 0x400) return 'greek';
  if (code >= 0x400 && code < 0x530) return 'cyrillic';
  return 'japanese';
}
