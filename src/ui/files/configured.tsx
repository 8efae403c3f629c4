import { useFiles } from '../../store/files/store.ts';

/** A mergekit configuration that decides in place of the sliders. */
export function Configured() {
  const configuration = useFiles((state) => state.configuration);
  const opened = useFiles((state) => state.configurationOpened);
  if (!configuration) return null;
  return (
    <section className="configured" aria-label="mergekit configuration">
      <header className="section-head">
        <h2>mergekit configuration</h2>
      </header>
      <p className="file-name">{configuration.name}</p>
      <textarea
        aria-label="Text of the configuration"
        spellCheck={false}
        value={configuration.text}
        rows={Math.min(24, configuration.text.split('\n').length + 1)}
        onChange={(event) => opened({ ...configuration, text: event.currentTarget.value })}
      />
      <p className="hint">
        Models are found by the last part of their path. What cannot be expressed is told on the right.
      </p>
      <button type="button" className="plain" onClick={() => opened(null)}>
        Use the sliders instead
      </button>
    </section>
  );
}
