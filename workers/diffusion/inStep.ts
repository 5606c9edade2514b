import type { FloatTensor } from '../ort/tensor';
import { stacked, unstacked } from './batch';
import type { Unet, UnetInputs } from './denoise';

export interface Member {
  /** Answers when every member that has not left has asked. */
  readonly unet: Unet;
  /** It will not ask any more. */
  leave(): void;
}

interface Asked {
  readonly inputs: UnetInputs;
  readonly answer: (output: FloatTensor) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Denoising runs that go in step: what they ask of one UNet at the same time goes through it as one batch, where their
 * timesteps and shapes are the same. Each must `leave` at its end, however that comes: the others wait for it.
 */
export function inStep(unet: Unet, count: number): readonly Member[] {
  let present = count;
  let asked: Asked[] = [];
  const runWhenAllAsked = () => {
    if (!asked.length || asked.length < present) return;
    const all = asked;
    asked = [];
    void runAll(unet, alike(all));
  };
  return Array.from({ length: count }, () => ({
    unet: (inputs) =>
      new Promise((answer, fail) => {
        asked.push({ inputs, answer, fail });
        runWhenAllAsked();
      }),
    leave() {
      present -= 1;
      runWhenAllAsked();
    },
  }));
}

function alike(all: readonly Asked[]): readonly (readonly Asked[])[] {
  const groups = new Map<string, Asked[]>();
  for (const one of all) {
    const { timestep, sample } = one.inputs;
    const key = JSON.stringify([timestep, sample.dims]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

async function runAll(unet: Unet, groups: readonly (readonly Asked[])[]): Promise<void> {
  for (const group of groups) {
    try {
      const outputs = await runTogether(
        unet,
        group.map(({ inputs }) => inputs),
      );
      for (const [i, { answer }] of group.entries()) answer(outputs[i]!);
    } catch (error) {
      for (const { fail } of group) fail(error);
    }
  }
}

async function runTogether(unet: Unet, all: readonly UnetInputs[]): Promise<readonly FloatTensor[]> {
  const output = await unet({
    sample: stacked(all.map(({ sample }) => sample)),
    timestep: all[0]!.timestep,
    prompt: stacked(all.map(({ prompt }) => prompt)),
    pooled: stacked(all.map(({ pooled }) => pooled)),
    timeIds: stacked(all.map(({ timeIds }) => timeIds)),
  });
  return unstacked(
    output,
    all.map(({ sample }) => sample.dims[0]!),
  );
}
