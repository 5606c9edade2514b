/** What is known of this computer's GPU, and whether its results can be trusted. */

/** Operators that the self-check computes on the device and compares with stored numbers. */
export type CheckedOperator = 'conv-12' | 'conv-9' | 'attention' | 'matmul-4bit' | 'instance-norm';

/** A GPU that computes one of these wrongly is not used at all; the others bar only the packs that use them. */
export function isEssential(operator: CheckedOperator): boolean {
  return operator !== 'conv-9';
}

export interface GpuCheck {
  /** onnxruntime-web's version. */
  readonly runtime: string;
  /** False: only without the `subgroups` feature was everything right. */
  readonly subgroups: boolean;
  /** Empty: all right. */
  readonly wrong: readonly CheckedOperator[];
}

/** RAM from which on some browsers say no more. */
export const RAM_CAP_GIB = 8;

export interface GpuFacts {
  /** What the browser tells of vendor and architecture; never empty. */
  readonly name: string;
  /** True for an adapter that computes on the CPU. */
  readonly software: boolean;
  /** WebGPU feature names. */
  readonly features: readonly string[];
  /** Largest buffer that can be bound to a shader. */
  readonly bufferBytes: number;
  /** `navigator.deviceMemory`: rounded and capped by the browser. Null: not told. */
  readonly ramHintGib: number | null;
  /** Null: not checked yet with this browser, adapter and runtime. */
  readonly check: GpuCheck | null;
}

/** Whether a pack can run on this computer, and where. */
export interface PackFit {
  readonly fits: boolean;
  /** False: on the processor, if it fits at all. */
  readonly onGpu: boolean;
  /** A sentence; empty when it fits and there is nothing to say. */
  readonly reason: string;
}

export interface GpuReport {
  /** Null: the browser gives no GPU. */
  readonly facts: GpuFacts | null;
  /** Sentences for a person, most important first. */
  readonly summary: readonly string[];
  /** By pack id. */
  readonly fits: Readonly<Record<string, PackFit>>;
}
