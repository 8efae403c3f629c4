import { memo } from 'react';
import { useHandbook } from '../../store/handbook.ts';

/** The method's equations, typeset when the page was built; drawn once, since laying them out in every frame of a drag is slow. */
export const Formulas = memo(function Formulas({ method }: { readonly method: string }) {
  const formulas = useHandbook((handbook) => handbook.formulas[method]);
  return (
    <div className="formulas">
      {formulas?.map((line) => (
        // biome-ignore lint/security/noDangerouslySetInnerHtml: made by our own build from our own formulas
        <span key={line} className="formula block" dangerouslySetInnerHTML={{ __html: line }} />
      ))}
    </div>
  );
});
