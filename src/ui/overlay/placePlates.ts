/** Where the plates of numbers go: next to their box, inside the picture, off each other and off other faces. */
import { type Rect, rect, type Size } from '../../core/geometry';
import { sharedArea } from '../../core/overlap';
import { clamp } from '../../core/units';

type Area = Rect<'view'>;

export interface Asking {
  readonly box: Area;
  readonly eyes: Area;
  /** Tab of the box; no plate covers it, as none covers eyes. */
  readonly tab: Area | null;
  /** Plates it may have, the best first; none: it asks for no room. */
  readonly sizes: readonly Size[];
}

export interface Given {
  /** Which of the sizes it got. */
  readonly size: number;
  readonly area: Area;
}

const GAP_PX = 5;
/** Share of a plate that may lie over another face's box: hair and collars do not mind. */
const MOST_COVERED = 0.12;
/** Share of its own face that a plate may lie over, when there is no room beside it; never its eyes. */
const MOST_OF_OWN = 0.15;

/**
 * @param within the part of the picture that is seen.
 * @returns one answer a face, in their order; null: no room. Larger faces choose first.
 */
export function placePlates(faces: readonly Asking[], within: Area): readonly (Given | null)[] {
  const taken: Area[] = [];
  const given = faces.map((): Given | null => null);
  const order = faces.map((_, i) => i).sort((a, b) => faces[b]!.box.width - faces[a]!.box.width);
  for (const i of order) {
    const others = faces.filter((_, j) => j !== i);
    given[i] = faces[i]!.sizes.length ? best(faces[i]!, others, taken, within) : null;
    if (given[i]) taken.push(given[i].area);
  }
  return given;
}

/** The richest plate that disturbs nobody: beside its box, or on the cheek of a face that is seen large. */
function best(face: Asking, others: readonly Asking[], taken: readonly Area[], within: Area): Given | null {
  if (sharedArea(face.eyes, within) === 0) return null;
  let onFace: Given | null = null;
  for (const [size, wanted] of face.sizes.entries()) {
    const most = MOST_COVERED * wanted.width * wanted.height;
    const free = spots(face.box, wanted, within).filter(
      (area) =>
        !taken.some((other) => sharedArea(area, grown(other)) > 0) &&
        !others.some(({ box, eyes, tab }) => sharedArea(area, box) > most || covers(area, eyes, tab)),
    );
    const beside = free.find((area) => sharedArea(area, face.box) === 0);
    if (beside) return { size, area: beside };
    const own = free.find((area) => !covers(area, grown(face.eyes), face.tab));
    if (!own) continue;
    if (sharedArea(own, face.box) <= MOST_OF_OWN * face.box.width * face.box.height)
      return { size, area: own };
    onFace ??= { size, area: own };
  }
  return onFace;
}

/** Below, above, at the right, at the left of the box; pushed into the picture. */
function spots({ x, y, width, height }: Area, size: Size, within: Area): readonly Area[] {
  const middle = x + (width - size.width) / 2;
  const below = y + height + GAP_PX;
  const above = y - GAP_PX - size.height;
  const right = x + width + GAP_PX;
  const left = x - GAP_PX - size.width;
  const low = y + height - size.height;
  return [
    [middle, below],
    [middle, above],
    [right, low],
    [left, low],
    [x, below],
    [x + width - size.width, below],
  ].map(([atX, atY]) =>
    rect<'view'>(
      clamp(atX!, within.x, Math.max(within.x, within.x + within.width - size.width)),
      clamp(atY!, within.y, Math.max(within.y, within.y + within.height - size.height)),
      size.width,
      size.height,
    ),
  );
}

function covers(area: Area, eyes: Area, tab: Area | null): boolean {
  return sharedArea(area, eyes) > 0 || (tab !== null && sharedArea(area, tab) > 0);
}

function grown({ x, y, width, height }: Area): Area {
  return rect<'view'>(x - GAP_PX, y - GAP_PX, width + 2 * GAP_PX, height + 2 * GAP_PX);
}
