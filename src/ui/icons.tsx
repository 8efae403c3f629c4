/** Line icons on a 16-unit grid, drawn in the colour of the text around them. */
const paths = {
  open: 'M1.5 13V3H6l1.5 2h6v2M1.5 13l2-6h11.5l-2 6z',
  file: 'M4 1.5h5l3.5 3.5v9.5H4zM9 1.5V5h3.5',
  undo: 'M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7',
  redo: 'm10 3 3.5 3.5L10 10m3.5-3.5H6a3.5 3.5 0 0 0 0 7h3',
  share: 'M8 10V2M5 4.5 8 1.5l3 3M4 7H2.5v7h11V7H12',
  eye: 'M1 8s2.5-4.5 7-4.5S15 8 15 8s-2.5 4.5-7 4.5S1 8 1 8Zm7 2a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  eyeOff:
    'm2.5 2.5 11 11M6.3 3.7A7.6 7.6 0 0 1 8 3.5C12.5 3.5 15 8 15 8a12 12 0 0 1-1.9 2.4M4.1 4.9A12 12 0 0 0 1 8s2.5 4.5 7 4.5c1.2 0 2.3-.3 3.2-.8M6.6 6.6a2 2 0 0 0 2.8 2.8',
  close: 'm3.5 3.5 9 9m0-9-9 9',
  chevron: 'm4 6 4 4 4-4',
  left: 'm10 3.5-4.5 4.5 4.5 4.5',
  right: 'm6 3.5 4.5 4.5L6 12.5',
  minus: 'M3.5 8h9',
  plus: 'M3.5 8h9M8 3.5v9',
  reset: 'M3 3v3.5h3.5M3.2 6.3A5.3 5.3 0 1 1 2.7 9',
  next: 'M2.5 5h4l3 6h4m-2-2 2 2-2 2M2.5 11h4l.8-1.6M8.7 6.6 9.5 5h4m-2-2 2 2-2 2',
  sun: 'M8 10.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2Z',
  system: 'M1.5 3h13v8h-13zM5.5 13.5h5',
  help: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.4 8.6 8 9 8 10M8 12.6v.2',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  unlock: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 4.9-.7',
  wider: 'M1.5 8h13M4 5.5 1.5 8 4 10.5M12 5.5 14.5 8 12 10.5',
  up: 'm3.5 10 4.5-4.5L12.5 10',
  down: 'm3.5 6 4.5 4.5L12.5 6',
  grip: 'M6 4v.1M10 4v.1M6 8v.1M10 8v.1M6 12v.1M10 12v.1',
  check: 'm3 8.5 3.5 3.5L13 4.5',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
