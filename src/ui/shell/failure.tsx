import { useStudio } from '../../store/studio.ts';

/**
 * Not even the card of the zoo could be opened: what went wrong, what can be done, and the way on. The address keeps the
 * recipe. Failures after that stand in the result.
 */
export function ZooFailure() {
  const failure = useStudio((state) => (state.zoo.phase === 'failed' ? state.zoo.failure : null));
  if (!failure) return null;
  return (
    <main className="card-message" data-failure={failure.code}>
      <div role="alert">
        <h2>The models could not be opened</h2>
        <p>{failure.message}</p>
        <p>{failure.todo}</p>
      </div>
      <button type="button" className="primary" onClick={() => location.reload()}>
        Try again
      </button>
    </main>
  );
}

/** In place of the studio when a link cannot be opened: nothing else is loaded silently. */
export function RefusedLink() {
  const refused = useStudio((state) => state.refusedLink);
  if (!refused) return null;
  return (
    <main className="card-message" data-failure="link">
      <div role="alert">
        <h2>This link cannot be opened</h2>
        <p>{refused.reason}</p>
        <p>{refused.todo}</p>
        {refused.known.length > 0 && (
          <p className="known">
            This studio knows
            {refused.known.map((id) => (
              <code key={id}>{id}</code>
            ))}
          </p>
        )}
      </div>
      {/* A link like any other: the store opens it when the address changes. */}
      <a className="primary" href="#v=1">
        Open the default recipe
      </a>
    </main>
  );
}
