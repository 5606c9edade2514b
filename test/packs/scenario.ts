export interface ServedFile {
  readonly bytes: number;
  readonly seed: number;
  readonly etag?: string;
  /** Another seed from the nth request (0 is the first) on: the publisher has changed the file. */
  readonly changedFrom?: { readonly request: number; readonly seed: number; readonly etag?: string };
  /** One wrong byte at `at` in the first `times` answers. */
  readonly flip?: { readonly at: number; readonly times: number };
}

/** How the server behaves. Nothing given: as a good static server does. */
export interface Scenario {
  readonly files: Readonly<Record<string, ServedFile>>;
  /** Small files by their text, always served well. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Small files by their bytes, base64, always served well. */
  readonly binaries?: Readonly<Record<string, string>>;
  readonly ranges?: 'ignored' | 'refused' | 'preflight-refused';
  /** To another origin. */
  readonly redirect?: boolean;
  readonly bytesPerSecond?: number;
  /** The line goes dead after so many bytes of every answer, or of the first `cuts` answers for a file. */
  readonly cutAfterBytes?: number;
  readonly cuts?: number;
  /** Nothing more comes after so many bytes of every answer, and the line stays up. */
  readonly stallAfterBytes?: number;
  /** Paths of texts that stall after half of them. */
  readonly stalledTexts?: readonly string[];
  /** Of the first requests of a file. */
  readonly statuses?: readonly number[];
  /** A web page in place of every file, told by its type or not. */
  readonly page?: 'told' | 'disguised';
  readonly hideLength?: boolean;
}

export interface ServedRequest {
  readonly path: string;
  readonly range: string | null;
  status: number;
  /** Of the file, handed to the line. */
  bytes: number;
  readonly referer: string | null;
}
