/** Squares cut and asked about at a time: bounds memory in crowds. */
const BATCH = 16;

/** What is answered for each item, in order; `answer` gets a few at a time. */
export async function inBatches<T, A>(
  items: readonly T[],
  answer: (some: readonly T[]) => Promise<readonly A[]>,
): Promise<A[]> {
  const answers: A[] = [];
  for (let at = 0; at < items.length; at += BATCH) {
    answers.push(...(await answer(items.slice(at, at + BATCH))));
  }
  return answers;
}
