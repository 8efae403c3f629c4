import { bytesInWords } from '../../formats/in-words.ts';
import { selectPackInfo, selectSizes } from '../../store/pack-sizes.ts';
import { useStudio } from '../../store/studio.ts';
import { Term } from '../controls/term.tsx';
import { MaskTable } from './mask-table.tsx';
import { headOf, SizePlot } from './size-plot.tsx';
import { SizeTable } from './size-table.tsx';
import { timesText } from './size-text.ts';
import './pack.css';

/** What a pack of networks costs and gives: size against accuracy, and what its masks keep. */
export default function PackPanel() {
  const merges = useStudio(selectSizes);
  const current = merges.some(({ kind }) => kind === 'current');
  return (
    <section className="pack" aria-label="Pack size">
      <header className="panel-head">
        <h2>Size and accuracy</h2>
        <p className="pack-what">
          <Term help="The method gives a network for each expert’s task, made of what all share and what each adds: the task has to be known when the network is used.">
            one network per task
          </Term>
        </p>
      </header>
      <p className="pack-what">{headOf(merges)}</p>
      <SizePlot merges={merges} />
      <SizeTable merges={merges} />
      <SizeLine current={current} />
      <MaskTable />
    </section>
  );
}

function SizeLine({ current }: { readonly current: boolean }) {
  const info = useStudio(selectPackInfo);
  const leftOut = useStudio((state) => (state.card?.experts.length ?? 0) - (state.recipe?.experts.length ?? 0));
  const size = info?.footprint;
  if (!size || !current) return <p className="pack-size stale">The size is counted when the merge is made.</p>;
  const { baseBits, sharedBits, perExpertBits, experts } = size;
  const all = baseBits + sharedBits + experts * perExpertBits;
  return (
    <p className="pack-size" data-bits={all}>
      <b>
        {bytesInWords(all / 8)}, {timesText(all / baseBits)} × one network
      </b>
      : the base {bytesInWords(baseBits / 8)}
      {sharedBits > 0 && <>, shared {bytesInWords(sharedBits / 8)}</>}, and {bytesInWords(perExpertBits / 8)} for each
      of {experts} {experts === 1 ? 'expert' : 'experts'}. All experts in full: {experts} ×.
      {info.change !== null && (
        <>
          {' '}
          The networks are {info.change.toFixed(2)} from the base (mean of ‖θ − θ₀‖ over {experts}).
        </>
      )}
      {leftOut > 0 && ' Tasks of experts that are left out are run by the base.'}
    </p>
  );
}
