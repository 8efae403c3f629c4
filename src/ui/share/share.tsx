import { useRef, useState } from 'react';
import { selectLink } from '../../store/selectors.ts';
import { Icon } from '../icons.tsx';
import { useCalm } from '../use-calm.ts';

/** Some mail programs and chats cut longer addresses. */
const LONG = 2000;
function CopyButton({ link, onManual }: { readonly link: string; readonly onManual: () => void }) {
  const [told, setTold] = useState({ link: '', text: '' });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      setTold({ link, text: 'Copied' });
    } catch {
      // Refused without permission or on plain http: the text is selected for the keyboard instead.
      onManual();
      setTold({ link, text: 'Press Ctrl+C to copy' });
    }
  };
  const text = told.link === link ? told.text : '';
  return (
    <>
      <button type="button" className="primary" onClick={copy}>
        {text === 'Copied' ? <Icon name="check" /> : <Icon name="share" />} Copy link
      </button>
      <span className="hint" role="status">
        {text}
      </span>
    </>
  );
}

/** The address is the document: shows it, says what it holds, copies it. */
export function Share() {
  const hash = useCalm(selectLink) ?? '';
  const link = location.href.split('#')[0] + hash;
  const text = useRef<HTMLTextAreaElement>(null);
  return (
    <>
      <button type="button" className="flat share-button" aria-label="Share" title="Share" popoverTarget="share">
        <Icon name="share" /> <span className="wide-only">Share</span>
      </button>
      <div id="share" className="popover" popover="auto" role="dialog" aria-label="Share this mix">
        <h2>Share this mix</h2>
        <textarea
          ref={text}
          readOnly
          rows={3}
          aria-label="Link"
          value={link}
          onFocus={(e) => e.currentTarget.select()}
        />
        <div className="share-row">
          <CopyButton link={link} onManual={() => text.current?.select()} />
          <span className={link.length > LONG ? 'length bad' : 'length hint'}>
            {link.length.toLocaleString('en')} characters
            {link.length > LONG ? ': some programs cut so long a link' : ''}
          </span>
        </div>
        <p className="hint">
          The link holds settings only: experts, method, its numbers, the seed and what is in view. Weights never leave
          this tab.
        </p>
      </div>
    </>
  );
}
