/** The errors a person can meet. Cancelling is an `AbortError` and nothing else. */

export type ErrorCode =
  | 'FACE_DET_001'
  | 'NO_EYES_001'
  | 'CROP_001'
  | 'GEN_001'
  | 'BLEND_001'
  | 'RES_001'
  | 'gpu-missing'
  | 'gpu-too-small'
  | 'gpu-wrong'
  | 'engine-lost'
  | 'model-missing'
  | 'model-corrupt'
  | 'download-failed'
  | 'storage-full'
  | 'photo-unreadable'
  | 'photo-too-large'
  | 'bad-request'
  | 'internal';

/** Facts a sentence can be made of (numbers with their unit in the key, names, reasons). */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /** @param message one English sentence for developers; the page says it in its own words by `code`. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** For `catch`: an AbortError goes on, whatever else it was is answered with `instead`. */
export function unlessAborted<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (isAbort(error)) throw error;
    return instead;
  };
}

/** The same error with more details, which win over those it has; it is the cause. */
export function withDetails(error: AppError, more: ErrorDetails, message = error.message): AppError {
  return new AppError(error.code, message, { ...error.details, ...more }, { cause: error });
}

/** The error as an AppError: unknown ones become `fallback` and keep their cause. An AbortError is not for here. */
export function asAppError(error: unknown, fallback: ErrorCode): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError(fallback, message, {}, { cause: error });
}
