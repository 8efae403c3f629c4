import { Sheet } from '../controls/sheet.tsx';

const groups = [
  {
    name: 'On a slider',
    keys: [
      [['←', '→'], 'one step'],
      [['Page Up', 'Page Down'], 'ten steps'],
      [['Home', 'End'], 'to the ends'],
      [['double-click'], 'back to its default'],
    ],
  },
  {
    name: 'Anywhere',
    keys: [
      [['/'], 'search methods'],
      [['[', ']'], 'previous, next method that fits'],
      [['F'], 'measure points for the front'],
      [['P'], 'pin this result as A, or let go of it'],
      [['L'], 'leaderboard of all methods'],
      [['Ctrl Z'], 'undo'],
      [['Shift Ctrl Z'], 'redo'],
      [['?'], 'this list'],
    ],
  },
  {
    name: 'Among all methods',
    keys: [
      [['↑', '↓'], 'from one to the next'],
      [['←', '→'], 'to its page and back'],
      [['[', ']'], 'on a page: previous, next'],
    ],
  },
] as const;

export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Sheet title="Keyboard" onClose={onClose} className="shortcut-sheet">
      {groups.map((group) => (
        <section key={group.name}>
          <h3>{group.name}</h3>
          <dl>
            {group.keys.map(([keys, meaning]) => (
              <div key={meaning}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Sheet>
  );
}
