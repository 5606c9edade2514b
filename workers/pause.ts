/**
 * Lets waiting messages in (a cancel, above all), then throws when the signal has aborted.
 * @throws AbortError
 */
export async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  signal.throwIfAborted();
}
