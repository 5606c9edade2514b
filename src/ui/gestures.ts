/** Wheel, pinch, drag and keys on the stage. */
import type { Attachment } from 'svelte/attachments';
import type { Camera } from './camera.svelte';

const WHEEL_RATE = 0.0018;
const KEY_FACTOR = 1.25;
const KEY_STEP_PX = 60;

interface Finger {
  readonly x: number;
  readonly y: number;
}

export function gestures(camera: Camera): Attachment<HTMLElement> {
  return (stage) => {
    stage.tabIndex = 0;
    const fingers = new Map<number, Finger>();
    const at = (event: MouseEvent): Finger => {
      const box = stage.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const rate = event.ctrlKey ? WHEEL_RATE * 5 : WHEEL_RATE;
      const { x, y } = at(event);
      camera.zoomAt(Math.exp(-event.deltaY * lines * rate), x, y);
    };
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as Element).closest('button, input, [role=slider]')) return;
      fingers.set(event.pointerId, at(event));
      stage.setPointerCapture(event.pointerId);
    };
    const onMove = (event: PointerEvent) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = at(event);
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, now);
      if (!other) {
        camera.panBy(now.x - before.x, now.y - before.y);
        return;
      }
      const spread = (finger: Finger) => Math.max(8, Math.hypot(finger.x - other.x, finger.y - other.y));
      camera.zoomAt(spread(now) / spread(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
      camera.panBy((now.x - before.x) / 2, (now.y - before.y) / 2);
    };
    const onUp = (event: PointerEvent) => {
      fingers.delete(event.pointerId);
    };
    const onDouble = (event: MouseEvent) => {
      if ((event.target as Element).closest('button, [role=slider]')) return;
      const { x, y } = at(event);
      if (camera.zoom > 1) camera.reset();
      else camera.zoomAt(Math.max(2, 1 / camera.scale), x, y);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.target !== stage || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = keyAction(camera, event.key);
      if (!act) return;
      event.preventDefault();
      act();
    };
    const controller = new AbortController();
    const { signal } = controller;
    stage.addEventListener('wheel', onWheel, { passive: false, signal });
    stage.addEventListener('pointerdown', onDown, { signal });
    stage.addEventListener('pointermove', onMove, { signal });
    stage.addEventListener('pointerup', onUp, { signal });
    stage.addEventListener('pointercancel', onUp, { signal });
    stage.addEventListener('dblclick', onDouble, { signal });
    stage.addEventListener('keydown', onKey, { signal });
    return () => controller.abort();
  };
}

function keyAction(camera: Camera, key: string): (() => void) | undefined {
  const actions: Readonly<Record<string, () => void>> = {
    '+': () => camera.zoomAt(KEY_FACTOR),
    '=': () => camera.zoomAt(KEY_FACTOR),
    '-': () => camera.zoomAt(1 / KEY_FACTOR),
    '0': () => camera.reset(),
    ArrowLeft: () => camera.panBy(KEY_STEP_PX, 0),
    ArrowRight: () => camera.panBy(-KEY_STEP_PX, 0),
    ArrowUp: () => camera.panBy(0, KEY_STEP_PX),
    ArrowDown: () => camera.panBy(0, -KEY_STEP_PX),
  };
  return actions[key];
}
