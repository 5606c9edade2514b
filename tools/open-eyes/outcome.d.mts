interface Failure {
  readonly code: string;
  readonly message: string;
}
interface FaceOutcome {
  readonly face_idx: number;
  readonly chosen: boolean;
  readonly ok: boolean;
  readonly error: Failure | null;
}
interface PhotoOutcome {
  readonly input: string;
  readonly output: string | null;
  readonly error: Failure | null;
  readonly faces: readonly FaceOutcome[];
}

export const STATUS: { succeeded: 0; failed: 1; usage: 2; nothingToDo: 3 };
export function statusOf(
  photos: readonly {
    readonly error: Failure | null;
    readonly faces: readonly Pick<FaceOutcome, 'chosen' | 'ok'>[];
  }[],
): number;
export function placesFor(inputs: readonly string[], out: string): { folder: string; stem: string }[];
export function stampOf(date: Date): string;
export function sentenceOf(photo: PhotoOutcome): string;
