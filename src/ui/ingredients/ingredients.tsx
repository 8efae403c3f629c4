import { useStudio } from '../../store/studio.ts';
import { Segmented } from '../controls/segmented.tsx';
import { ControlPanel } from './control-panel.tsx';
import { ExpertList } from './expert-list.tsx';
import { LearnedCoefficients } from './learned.tsx';
import { LinkNotes } from './link-notes.tsx';
import { MethodButton } from './method-button.tsx';

const levels = [
  { value: 'see', name: 'See', help: 'The sliders and what they do' },
  { value: 'tune', name: 'Tune', help: 'Every choice, step and seed' },
  { value: 'inspect', name: 'Inspect', help: 'Every choice, and what is inside the networks' },
] as const;

/** See shows the sliders only, Tune every control, Inspect the networks beside them too. */
export function LevelSwitch() {
  const level = useStudio((state) => state.view?.level ?? 'see');
  const setView = useStudio((state) => state.setView);
  return (
    <Segmented label="Level of detail" options={levels} value={level} onChoose={(value) => setView({ level: value })} />
  );
}

interface IngredientsProps {
  readonly phone: boolean;
  readonly onMethods: () => void;
}

/** What goes into the merge: models, method and the numbers of both. */
export function Ingredients({ phone, onMethods }: IngredientsProps) {
  const level = useStudio((state) => state.view?.level ?? 'see');
  const recipe = useStudio((state) => state.recipe);
  const sections = [
    <ExpertList key="experts" />,
    recipe && <MethodButton key="method" recipe={recipe} onOpen={onMethods} />,
    <ControlPanel key="controls" />,
    <LearnedCoefficients key="learned" />,
  ];
  // On a phone the sliders come first: they are what one came for, and the result above them is already in view.
  const [experts, ...rest] = sections;
  return (
    <section className="ingredients" data-level={level === 'see' ? 'see' : 'tune'} aria-label="Ingredients">
      {phone ? [...rest, experts] : sections}
      <LinkNotes />
    </section>
  );
}
