import { createRoot } from 'react-dom/client';
import { openStudio } from './store/open.ts';
import { App } from './ui/app.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"');
createRoot(root).render(<App />);
void openStudio();
