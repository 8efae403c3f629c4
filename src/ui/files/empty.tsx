import { EvaluateButton } from '../own/evaluate-button.tsx';
import { ChooseModels } from './choose-models.tsx';

/** Before anything is open: what can be dropped, and that it goes nowhere. */
export function Empty({ opening }: { readonly opening: number }) {
  return (
    <section className="files-empty" aria-label="Open your models">
      <h2>Drop your models here</h2>
      <p>
        <code>.safetensors</code> files, folders of sharded models, LoRA adapters, a mergekit configuration. Several at
        once, of any size.
      </p>
      <p className="sheet-actions">
        <ChooseModels verb="Choose" />
      </p>
      <p className="hint" role="status">
        {opening > 0 ? 'Reading headers …' : 'They stay in this tab: nothing is uploaded.'}
      </p>
      <EvaluateButton />
      <dl className="files-steps">
        <div>
          <dt>Will they merge?</dt>
          <dd>Headers alone say which tensors fit, and why others do not.</dd>
        </div>
        <div>
          <dt>Merge</dt>
          <dd>Any method that needs no data, tensor by tensor, in little memory.</dd>
        </div>
        <div>
          <dt>Take it away</dt>
          <dd>One safetensors file with its checksum, and the recipe for mergekit.</dd>
        </div>
      </dl>
    </section>
  );
}
