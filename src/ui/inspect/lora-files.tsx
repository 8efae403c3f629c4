import { useState } from 'react';
import type { LoraChange, LoraChoice, LoraQuestions, SeenModel } from '../../store/inspect/subject.ts';
import { save } from '../save.ts';

interface FilesProps {
  readonly lora: LoraQuestions;
  readonly model: SeenModel;
  readonly change: LoraChange;
  readonly chosen: LoraChoice;
}

/** The adapter, and where there is one the network itself, as downloads. */
export function LoraFiles({ lora, model, change, chosen }: FilesProps) {
  const [failure, setFailure] = useState('');
  const [doing, setDoing] = useState<number>();
  const { run } = lora;
  const name = (model.role === 'merge' ? model.id.replace(/\.safetensors$/, '') : model.name).replace(/[^\w.-]+/g, '-');
  const take = async (file: string, make: () => Promise<Blob>) => {
    setFailure('');
    setDoing(0);
    try {
      save(file, await make());
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setDoing(undefined);
    }
  };
  const adapter = () => lora.files(change, chosen, setDoing);
  return (
    <>
      <div className="inspect-tools">
        <button
          type="button"
          className="plain"
          disabled={doing !== undefined}
          onClick={() => void take(`${name}-lora-r${chosen.rank}.zip`, adapter)}
        >
          Download the adapter (.zip)
        </button>
        {run && (
          <button
            type="button"
            className="plain"
            onClick={() =>
              void take(`${name}.safetensors`, async () => new Blob([new Uint8Array(await run.network(model.id))]))
            }
          >
            Download the network (.safetensors)
          </button>
        )}
        {doing !== undefined && !run && (
          <button type="button" className="plain" onClick={lora.stop}>
            Cancel
          </button>
        )}
      </div>
      {failure !== '' && <p role="alert">{failure}</p>}
    </>
  );
}
