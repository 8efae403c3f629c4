import type { Doc } from './doc-body.tsx';

/** Every control of the method: what it is, where it may stand, and what moving it costs. */
export function Parameters({ parameters }: { readonly parameters: Doc['parameters'] }) {
  return (
    <section>
      <h3>Parameters</h3>
      <table className="parameters">
        <thead>
          <tr>
            <th scope="col">Symbol and name</th>
            <th scope="col">Range</th>
            <th scope="col">Default</th>
            <th scope="col">Moving it needs</th>
          </tr>
        </thead>
        {parameters.map(({ symbol, name, range, standard, effect, help, condition, options }) => (
          <tbody key={`${symbol} ${name}`}>
            <tr>
              <th scope="row">
                <b>{symbol}</b> {name}
              </th>
              <td>{range}</td>
              <td>{standard}</td>
              <td>{effect}</td>
            </tr>
            <tr className="meaning">
              <td colSpan={4}>
                {help} {condition && <em>Counts {condition}.</em>}
                {options.length > 0 && (
                  <dl>
                    {options.map((option) => (
                      <div key={option.name}>
                        <dt>{option.name}</dt>
                        <dd>{option.help}</dd>
                      </div>
                    ))}
                  </dl>
                )}
              </td>
            </tr>
          </tbody>
        ))}
      </table>
    </section>
  );
}
