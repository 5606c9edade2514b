import type { GpuProbe } from '../src/engines/contracts';
import { serve } from '../src/rpc/serve';
import { diskMemory } from './gpu/diskMemory';
import { createGpu } from './gpu/gpu';

const { facts, check } = createGpu(diskMemory);
const probe: GpuProbe = { facts, check };
serve(probe);
