import { AppError, asAppError, type ErrorCode, isAbort } from '../../src/core/errors';
import type { PaintFailure } from '../../src/core/painting';

/** What fails one piece of work fails it alone, unless it would fail all the others too. */
export class Attempts<Job> {
  readonly #failures = new Map<Job, PaintFailure>();

  failureOf(job: Job): PaintFailure | undefined {
    return this.#failures.get(job);
  }

  /**
   * One after the other, without those that failed before.
   * @returns what was made, by job
   * @throws AppError when it is about the model, the GPU or the request, not the job; AbortError
   */
  async each<T>(jobs: Iterable<Job>, work: (job: Job) => Promise<T>): Promise<ReadonlyMap<Job, T>> {
    return this.inGroups(jobs, 1, ([one]) => [work(one!)]);
  }

  /** As `each`, in groups whose work goes on at the same time. @param work starts that of a group, in its order */
  async inGroups<T>(
    jobs: Iterable<Job>,
    size: number,
    work: (group: readonly Job[]) => readonly Promise<T>[],
  ): Promise<ReadonlyMap<Job, T>> {
    const made = new Map<Job, T>();
    const todo = [...jobs].filter((job) => !this.#failures.has(job));
    for (let at = 0; at < todo.length; at += size) {
      const group = todo.slice(at, at + size);
      const outcomes = await Promise.allSettled(work(group));
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled') made.set(group[i]!, outcome.value);
        else this.#fail(group[i]!, outcome.reason);
      }
    }
    return made;
  }

  #fail(job: Job, error: unknown): void {
    if (isAbort(error)) throw error;
    const known = asPaintError(error, 'GEN_001');
    if (known.code !== 'GEN_001') throw known;
    const { code, message, details } = known;
    this.#failures.set(job, { code, message, details });
  }
}

/** How runtimes and browsers say that there is no memory left; with it goes whatever was on the GPU. */
const OUT_OF_MEMORY = /bad_alloc|out of memory|allocation failed|failed to allocate/i;

/** @returns where the memory is used up, engine-lost (`details.reason` out-of-memory); what is not known, `fallback` */
export function asPaintError(error: unknown, fallback: ErrorCode): AppError {
  if (!(error instanceof AppError) && OUT_OF_MEMORY.test(String(error))) {
    const details = { reason: 'out-of-memory' };
    return new AppError('engine-lost', `no memory is left: ${String(error)}`, details, { cause: error });
  }
  return asAppError(error, fallback);
}
