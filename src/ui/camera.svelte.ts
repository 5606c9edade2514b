/** Pan and zoom: where photo pixels lie on the stage. */
import type { Rect, Size } from '../core/geometry';
import { clamp } from '../core/units';

/** Most CSS px for a photo px. */
const CLOSEST = 12;
/** A small photo is not blown up further than this to fill the stage. */
const LARGEST_FIT = 2;
/** Margin round a photo that is seen whole, share of the stage's smaller side, and most CSS px. */
const MARGIN_SHARE = 0.035;
const MOST_MARGIN_PX = 28;
/** Share of the stage's width or height that a framed face takes. */
const FACE_SHARE = 0.5;

export class Camera {
  stage = $state.raw<Size>({ width: 1, height: 1 });
  photo = $state.raw<Size>({ width: 1, height: 1 });
  /** CSS px per photo px, beyond the fit; 1 = the whole photo is seen. */
  zoom = $state(1);
  /** Photo point at the middle of the stage, as shares of the photo. */
  #x = $state(0.5);
  #y = $state(0.5);

  readonly #margin = $derived(
    Math.min(MOST_MARGIN_PX, MARGIN_SHARE * Math.min(this.stage.width, this.stage.height)),
  );
  readonly fitScale = $derived(
    Math.min(
      (this.stage.width - 2 * this.#margin) / this.photo.width,
      (this.stage.height - 2 * this.#margin) / this.photo.height,
      LARGEST_FIT,
    ),
  );
  readonly scale = $derived(this.fitScale * this.zoom);
  readonly left = $derived(this.#edge(this.stage.width, this.photo.width * this.scale, this.#x));
  readonly top = $derived(this.#edge(this.stage.height, this.photo.height * this.scale, this.#y));

  /** Place of a photo rectangle on the stage, CSS px. */
  onStage(area: Rect<'photo'>) {
    return {
      left: this.left + area.x * this.scale,
      top: this.top + area.y * this.scale,
      width: area.width * this.scale,
      height: area.height * this.scale,
    };
  }

  reset(): void {
    this.zoom = 1;
    this.#x = 0.5;
    this.#y = 0.5;
  }

  /** The photo point under (x, y), CSS px of the stage, stays there. */
  zoomAt(factor: number, x = this.stage.width / 2, y = this.stage.height / 2): void {
    const photoX = (x - this.left) / this.scale;
    const photoY = (y - this.top) / this.scale;
    this.zoom = clamp(this.zoom * factor, 1, Math.max(1, CLOSEST / this.fitScale));
    this.#look(
      photoX + (this.stage.width / 2 - x) / this.scale,
      photoY + (this.stage.height / 2 - y) / this.scale,
    );
  }

  /** CSS px. */
  panBy(dx: number, dy: number): void {
    const middleX = (this.stage.width / 2 - this.left) / this.scale;
    const middleY = (this.stage.height / 2 - this.top) / this.scale;
    this.#look(middleX - dx / this.scale, middleY - dy / this.scale);
  }

  frame(area: Rect<'photo'>): void {
    const fill = Math.min(this.stage.width / area.width, this.stage.height / area.height) * FACE_SHARE;
    this.zoom = clamp(fill / this.fitScale, 1, Math.max(1, CLOSEST / this.fitScale));
    this.#look(area.x + area.width / 2, area.y + area.height / 2);
  }

  #look(photoX: number, photoY: number): void {
    const half = (stage: number, photo: number) => Math.min(0.5, stage / (photo * this.scale) / 2);
    const x = half(this.stage.width, this.photo.width);
    const y = half(this.stage.height, this.photo.height);
    this.#x = clamp(photoX / this.photo.width, x, 1 - x);
    this.#y = clamp(photoY / this.photo.height, y, 1 - y);
  }

  /** A photo narrower than the stage is centred. */
  #edge(stage: number, photo: number, middle: number): number {
    return photo <= stage ? (stage - photo) / 2 : stage / 2 - middle * photo;
  }
}
