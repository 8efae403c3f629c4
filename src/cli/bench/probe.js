// Runs inside the page before its own scripts: watches frames, long tasks and the numbers of the result, touches nothing else.
// A classic script, given to the browser as text; page.ts calls it by the name `bench`.
globalThis.bench = (() => {
  const longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries())).observe({ type: 'longtask', buffered: true });

  const result = () => document.querySelector('[data-merge-id][aria-label="Result"]');
  const rows = () => [...document.querySelectorAll('tr[data-task]')];
  const mergeId = () => result()?.dataset.mergeId ?? '';
  const isMeasured = (n) => {
    const all = rows();
    return all.length > 0 && all.every(({ dataset }) => dataset.state === 'measured' && Number(dataset.n) >= n);
  };
  const slider = (label) => document.querySelector(`input[type="range"][aria-label="${label}"]`);
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  /** After the browser has painted what the page holds now. */
  const painted = async () => {
    await frame();
    const { port1, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(null);
    });
  };
  /** Resolves with the time at which `holds` was true and painted. */
  const when = (holds) =>
    new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        observer.disconnect();
        painted().then(resolve);
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, attributes: true });
      look();
    });

  const paints = () =>
    Object.fromEntries(performance.getEntriesByType('paint').map(({ name, startTime }) => [name, startTime]));

  /** Scripts that this page or one of its workers loaded, with their bytes as they came over the line. */
  const scripts = () =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .map(({ name, encodedBodySize }) => [name.split('/').at(-1), encodedBodySize]);

  let running;
  /** Starts the clock at the next key on a slider; `answered` tells when the new merge was on the screen. */
  const arm = (first, full) => {
    const before = mergeId();
    running = new Promise((resolve) => {
      addEventListener(
        'keydown',
        async ({ timeStamp }) => {
          const isNew = () => mergeId() !== before;
          const [bars, all] = await Promise.all([
            when(() => isNew() && isMeasured(first)),
            when(() => isNew() && isMeasured(full)),
          ]);
          resolve({ first: bars - timeStamp, full: all - timeStamp });
        },
        { capture: true, once: true },
      );
    });
  };
  const answered = () => running;

  /** As a finger would: one small movement of the slider per frame, back and forth, away from marks that would hold it. */
  const moves = (input) => {
    const { min, max } = input;
    const [low, high] = [Number(min), Number(max)];
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    let step = 0;
    return () => {
      const place = (step++ * 0.0137) % 1;
      const there = place < 0.5 ? 2 * place : 2 - 2 * place;
      set.call(input, String(low + (0.3 + 0.35 * there) * (high - low)));
      input.dispatchEvent(new Event('input', { bubbles: true }));
    };
  };
  const hold = (input) => input.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  const release = (input) => {
    input.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };

  /**
   * Drags for some time and watches every frame.
   * `frames`: those in which the slider came to another value; `followed`: those of them after which all numbers belonged to
   * the merge that it stood at.
   */
  const drag = async (label, ms) => {
    const input = slider(label);
    const move = moves(input);
    const started = performance.now();
    let last = started;
    let frames = 0;
    let followed = 0;
    let longestGap = 0;
    let shown = mergeId();
    hold(input);
    while (performance.now() - started < ms) {
      const before = input.value;
      move();
      const now = await frame();
      longestGap = Math.max(longestGap, now - last);
      last = now;
      if (input.value === before) continue;
      frames++;
      const id = mergeId();
      const belongs = rows().every(({ dataset }) => dataset.mergeId === id && dataset.state !== 'measuring');
      if (id !== shown && belongs) followed++;
      shown = id;
    }
    release(input);
    await frame();
    // The observer tells of a task only after it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const blocks = longTasks.filter(({ startTime }) => startTime >= started).map(({ duration }) => duration);
    return { frames, followed, longestGap, longestTask: Math.max(0, ...blocks), longTasks: blocks.length };
  };

  /** Short drags one after the other, each let go of. */
  const shortDrags = async (label, count) => {
    const input = slider(label);
    const move = moves(input);
    for (let i = 0; i < count; i++) {
      hold(input);
      for (let at = 0; at < 3; at++) {
        move();
        await frame();
      }
      release(input);
      await frame();
    }
  };

  /** Copies the files that were chosen by copy-worker.js. Resolves with its milliseconds. */
  const copy = (pieceBytes) =>
    new Promise((resolve, reject) => {
      const worker = new Worker('copy-worker.js');
      worker.onmessage = ({ data }) => {
        worker.terminate();
        resolve(data);
      };
      worker.onerror = ({ message }) => reject(new Error(message));
      const files = [...document.querySelector('input[type="file"]').files];
      worker.postMessage({ files, pieceBytes, name: 'bench-copy' });
    });

  /**
   * Begins the merge of the files that are open.
   * `written`: milliseconds until all is written and the checking begins, as the page tells it, ten times a second;
   * `whole`: until the result is on the screen.
   */
  const mergeFiles = async () => {
    const button = [...document.querySelectorAll('.merge-actions .primary')].find(
      ({ textContent }) => textContent === 'Merge',
    );
    const doing = () => document.querySelector('.working .doing[title]')?.title ?? '';
    const result = () => document.querySelector('[aria-label="Merged file"]');
    const failed = () => document.querySelector('.work-failed')?.textContent;
    const started = performance.now();
    button.click();
    const checking = when(() => doing().startsWith('checking') || result() || failed());
    const done = when(() => result() || failed());
    const [written, whole] = await Promise.all([checking, done]);
    if (failed()) throw new Error(failed());
    return { written: written - started, whole: whole - started };
  };

  /** Resolves when the table of the models that are being chosen is painted, with the milliseconds since and its tensors. */
  const table = () =>
    new Promise((resolve) => {
      addEventListener(
        'change',
        async ({ timeStamp }) => {
          const rows = () => document.querySelector('.fit-panel[data-fit] [aria-rowcount]');
          const shown = await when(rows);
          resolve({ ms: shown - timeStamp, tensors: Number(rows().getAttribute('aria-rowcount')) - 1 });
        },
        { capture: true, once: true },
      );
    });

  return { paints, scripts, isMeasured, when, arm, answered, drag, shortDrags, mergeId, copy, mergeFiles, table };
})();
