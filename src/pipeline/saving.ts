/** How a photo is saved: format, quality, and the record that goes into the file. */
import type { Config } from '../core/config';
import { formatConfig } from '../core/config';
import {
  nearQuality,
  type PartsSource,
  type PhotoInfo,
  type SaveFormat,
  type SaveOptions,
} from '../core/photo';
import { pickedOf, type Run, type Stage } from '../core/run';
import { hundredths } from './faceData';

export function savingFor(
  photo: Pick<PhotoInfo, 'format' | 'jpegQuality' | 'hasAlpha'>,
  config: Config,
  run: Run | null,
): SaveOptions {
  const { format, quality, keepGps, enlarge } = config.output;
  return {
    format: format === 'same' ? sameFormat(photo) : format,
    quality: quality / 100 || nearQuality(photo.jpegQuality),
    keepGps,
    enlarge,
    parts: run ? partsOf(run) : 'captured',
    record: run ? savedRecord(config.output, run) : {},
  };
}

function partsOf({ faces }: Run): PartsSource {
  const isGenerated = faces.some((face) => {
    const kind = face.placement && pickedOf(face)?.candidate.origin.kind;
    return kind === 'painted' || kind === 'built-in' || face.restoration?.laid;
  });
  return isGenerated ? 'generated' : 'captured';
}

export function extensionOf(format: SaveFormat): string {
  return format === 'jpeg' ? 'jpg' : format;
}

/** A source that browsers do not write becomes JPEG, or PNG where JPEG would spoil it. */
function sameFormat({ format, hasAlpha }: Pick<PhotoInfo, 'format' | 'hasAlpha'>): SaveFormat {
  if (format !== 'avif' && format !== 'gif') return format;
  return hasAlpha || format === 'gif' ? 'png' : 'jpeg';
}

/** What a run was asked for, saved as it is wanted now. */
export function settingsOf(run: Run, output: Config['output']): Config {
  return { ...run.config, output };
}

/** PNG text chunks of a processed photo: JSON texts by keyword. */
export function savedRecord(output: Config['output'], run: Run): SaveOptions['record'] {
  return {
    ProcessingConfig: JSON.stringify(JSON.parse(formatConfig(settingsOf(run, output)))),
    StageTiming: JSON.stringify(stageTiming(run)),
    GeneratedBy: 'OpenTheEyes',
  };
}

export interface StageTiming {
  readonly run_id: string;
  readonly timestamp: string;
  /** ms over all faces. */
  readonly stages: Readonly<Partial<Record<Stage, number>>>;
  readonly faces: readonly {
    readonly face_idx: number;
    readonly stages: Readonly<Partial<Record<Stage, number>>>;
  }[];
}

export function stageTiming(run: Run): StageTiming {
  const sums = new Map<Stage, number>();
  for (const { timingsMs } of run.faces) {
    for (const [stage, ms] of Object.entries(timingsMs) as [Stage, number][]) {
      sums.set(stage, (sums.get(stage) ?? 0) + ms);
    }
  }
  return {
    run_id: run.id,
    timestamp: run.timestamp,
    stages: rounded(sums),
    faces: run.faces.map(({ face, timingsMs }) => ({
      face_idx: face.index,
      stages: rounded(Object.entries(timingsMs) as [Stage, number][]),
    })),
  };
}

function rounded(timings: Iterable<[Stage, number]>): StageTiming['stages'] {
  return Object.fromEntries([...timings].map(([stage, ms]) => [stage, hundredths(ms)]));
}
