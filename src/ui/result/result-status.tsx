import type { StudioState } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { megabytes } from '../charts/format.ts';

/** What stands in the way of numbers: loading, preparing, refused, failed. Nothing when all is well. */
export function ResultStatus() {
  const zoo = useStudio((state) => state.zoo);
  const run = useStudio((state) => state.run);
  if (zoo.phase === 'failed') return <FailureNote failure={zoo.failure} />;
  if (zoo.phase === 'loading') {
    const { received, total } = zoo;
    const text = total > 0 ? `${megabytes(received)} of ${megabytes(total)}` : megabytes(received);
    return <Progress done={received} total={total} text={`Loading the experts: ${text}`} />;
  }
  switch (run.phase) {
    case 'preparing':
      return <Preparing done={run.done} total={run.total} doing={run.doing} />;
    case 'refused':
      return (
        <p className="note refused" role="status">
          {run.reason}
        </p>
      );
    case 'failed':
      return <FailureNote failure={run.failure} />;
    case 'idle':
    case 'measuring':
    case 'measured':
      return null;
  }
}

function Progress({ done, total, text }: { readonly done: number; readonly total: number; readonly text: string }) {
  return (
    <div className="note progress">
      <span>{text}</span>
      <progress aria-label={text} {...(total > 0 ? { value: done, max: total } : {})} />
    </div>
  );
}

function Preparing(props: { readonly done: number; readonly total: number; readonly doing: string }) {
  const stop = useStudio((state) => state.stopPreparing);
  return (
    <div className="with-action">
      <Progress done={props.done} total={props.total} text={`Preparing: ${props.doing}`} />
      <button type="button" className="plain" onClick={stop}>
        Stop
      </button>
    </div>
  );
}

type Failure = Extract<StudioState['run'], { readonly phase: 'failed' }>['failure'];

function FailureNote({ failure }: { readonly failure: Failure }) {
  const recover = useStudio((state) => state.recover);
  return (
    <div className="note failed" role="alert" data-failure={failure.code}>
      <p>
        <strong>{failure.message}</strong> {failure.todo}
      </p>
      <button type="button" className="plain" onClick={recover}>
        Start again with this recipe
      </button>
    </div>
  );
}
