/** Memory that is given back at once. */

/** Nobody listens at its other end. */
let drain: MessagePort | undefined;

/**
 * What is sent to nobody is gone, in every browser. Whoever reads gigabytes in pieces would else hold hundreds of megabytes that are
 * not wanted any more: collectors come late to memory outside of their heap. (transfer(0) leaves it to them in Chromium, and they then
 * do not even count it.)
 */
export function free(buffer: ArrayBuffer): void {
  drain ??= closed();
  drain.postMessage(null, [buffer]);
  // A port that noticed takes nothing any more.
  if (buffer.byteLength > 0) drain = undefined;
}

function closed(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
