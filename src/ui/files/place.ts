/** Where the browser lets the visitor choose a file to write: not all have this. */
interface Picker {
  showSaveFilePicker(options: {
    readonly suggestedName: string;
    readonly types: readonly {
      readonly description: string;
      readonly accept: Readonly<Record<string, readonly string[]>>;
    }[];
  }): Promise<FileSystemFileHandle>;
}

const hasPicker = (place: object): place is Picker => 'showSaveFilePicker' in place;

export const canChoosePlace = (): boolean => hasPicker(window);

/** @returns undefined when the visitor changed their mind */
export async function choosePlace(): Promise<FileSystemFileHandle | undefined> {
  if (!hasPicker(window)) return undefined;
  try {
    return await window.showSaveFilePicker({
      suggestedName: 'merge.safetensors',
      types: [{ description: 'safetensors', accept: { 'application/octet-stream': ['.safetensors'] } }],
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}
