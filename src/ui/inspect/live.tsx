import { useEffect, useState } from 'react';
import { onPreparing, selectLiveSubject } from '../../store/inspect/live-subject.ts';
import { useStudio } from '../../store/studio.ts';
import { Inspect } from './inspect.tsx';

/** The networks on the screen. While a slider is held, those from before: nothing here may slow a drag. */
export default function LiveInspect() {
  const subject = useStudio(selectLiveSubject);
  const held = useStudio((state) => state.dragOrigin !== null);
  const [rested, setRested] = useState(subject);
  const [doing, setDoing] = useState('');
  useEffect(() => onPreparing(setDoing), []);
  useEffect(() => {
    if (!held) setRested(subject);
  }, [held, subject]);
  return rested && <Inspect subject={rested} doing={doing} />;
}
