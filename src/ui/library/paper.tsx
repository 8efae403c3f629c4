import { useRef, useState } from 'react';
import { Icon } from '../icons.tsx';
import type { Doc } from './doc-body.tsx';

/** Where the method comes from, and how to cite it. */
export function Paper({ reference, bibtex }: Pick<Doc, 'reference' | 'bibtex'>) {
  const text = useRef<HTMLPreElement>(null);
  const [told, setTold] = useState('');
  const { title, authors, year, url } = reference;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(bibtex);
      setTold('Copied');
    } catch {
      // Refused without permission or on plain http: the text is selected for the keyboard instead.
      if (text.current) getSelection()?.selectAllChildren(text.current);
      setTold('Press Ctrl+C to copy');
    }
  };
  return (
    <section>
      <h3>Paper</h3>
      <p>
        <a href={url} target="_blank" rel="noopener noreferrer">
          {title}
        </a>
        , {authors ? `${authors}, ` : ''}
        {year}
      </p>
      <pre ref={text} className="bibtex">
        {bibtex}
      </pre>
      <p className="copy">
        <button type="button" className="plain" onClick={copy}>
          <Icon name={told === 'Copied' ? 'check' : 'share'} size={14} /> Copy BibTeX
        </button>
        <span className="hint" role="status">
          {told}
        </span>
      </p>
    </section>
  );
}
